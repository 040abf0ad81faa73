import Foundation

/// The figures of a campaign, in words and as a section of a document.
struct CampaignReport {
    let options: Options
    var cuts = Replay.Figures()
    var lax = Replay.Figures()
    var faults: [(name: String, figures: FaultSweep.Figures)] = []

    init(options: Options) {
        self.options = options
    }

    /// Everything that must not be.
    var violations: [String] { cuts.violations + faults.flatMap(\.figures.violations) }

    /// Why the campaign proves nothing, if so.
    var doubts: [String] {
        var doubts: [String] = []
        if cuts.images.count < Disk.Survival.allCases.count { doubts.append("not every kind of image was looked at") }
        if cuts.recoveries == 0 { doubts.append("no settlement went on from an image") }
        if lax.losses == 0 { doubts.append("without syncing nothing was lost: losses would not be seen") }
        for (name, figures) in faults where figures.struck == 0 { doubts.append("\(name) never struck") }
        return doubts
    }

    var cutsLine: String {
        "power cuts: \(cuts.operations) operations, \(cuts.promises) promises, \(cuts.points) cuts, "
            + "\(cuts.imageCount) images (\(count(.nothing)) nothing, \(count(.everything)) everything, "
            + "\(count(.subset)) subsets), \(cuts.recoveries) settled from there, \(cuts.badImages) with violations"
    }

    var laxLine: String {
        "without syncing commits: \(lax.imageCount) images, \(lax.losses) with losses (they must be seen)"
    }

    func line(of name: String, _ figures: FaultSweep.Figures) -> String {
        let endings = Recording.Ending.allCases.compactMap { ending in
            figures.endings[ending].map { "\($0) \(ending.rawValue)" }
        }
        return "\(name): \(figures.runs) runs (\(endings.joined(separator: ", "))), \(figures.struck) struck, "
            + "\(figures.badEndings) ended as they must not; \(figures.images) images, "
            + "\(figures.recoveries) settled from there, \(figures.badImages) with violations"
    }

    private func count(_ survival: Disk.Survival) -> Int { cuts.images[survival] ?? 0 }

    /// Writes the section between its marks in a document, which is made when it is missing.
    func write(into path: String) throws {
        let (begin, end) = ("<!-- campaign:power-cut -->", "<!-- /campaign:power-cut -->")
        let title = "# Reliability\n\nWhat the campaigns have shown, as their scripts wrote it here.\n"
        let isThere = FileManager.default.fileExists(atPath: path)
        var text = isThere ? try String(contentsOfFile: path, encoding: .utf8) : title
        let section = "\(begin)\n\(body)\(end)"
        if let first = text.range(of: begin), let last = text.range(of: end), first.upperBound <= last.lowerBound {
            text.replaceSubrange(first.lowerBound..<last.upperBound, with: section)
        } else {
            text += "\n\(section)\n"
        }
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    private var body: String {
        """
        ## Power cuts and failing disks

        `scripts/power-cut --size \(options.isFull ? "full" : "quick") --seed \(options.seed)` on \(Self.machine).
        Five investors are settled on the real store; counterparties keep their journals through every cut.

        **\(violations.isEmpty && doubts.isEmpty ? "Passed" : "FAILED: see the run's output")**

        - \(cutsLine).
        - \(laxLine).
        \(faults.map { "- \(line(of: $0.name, $0.figures))." }.joined(separator: "\n"))

        A violation is: a store that does not open, a failed integrity check or audit, an acknowledged entry, saga,
        notice or offering that is gone, postings that do not sum to zero or whose stage is unknown, an effect without a
        durable intent, a settlement that does not end with one effect for each key and four books that agree.

        """
    }

    private static var machine: String {
        let info = ProcessInfo.processInfo
        return "\(info.activeProcessorCount) cores, \(info.operatingSystemVersionString)"
    }
}
