import Adapters
import Foundation
import SagaEngine
import Testing

@testable import saga_runner

@Suite struct EvidenceCommandTests {
    @Test func `evidence gives a document back byte for byte, under the name it was brought with`() async throws {
        let bench = try DaemonBench()
        try await bench.run { daemon in
            let content: [UInt8] = Array("seen\r\n".utf8) + [0xff, 0x00, 0x1b]
            let digest = try await daemon.assembly.evidence.keep(content, name: "März \"7\".pdf", by: "ann")
            let path = bench.folder.path + "/out.pdf"
            let got = try await bench.command(["evidence", "sha256:" + digest, "--to", path])
            #expect(got.output == "März \"7\".pdf: 9 bytes, now in \(path)\n", "\(got.messages)")
            #expect(try Array(Data(contentsOf: URL(filePath: path))) == content)
            let json = try await bench.command(["evidence", digest, "--json"])
            let data = try #require(try JSONValue.parse(json.output)["data"])
            #expect(data["content_base64"]?.stringValue == Base64.encode(content))
            #expect(data["name"]?.stringValue == "März \"7\".pdf" && data["bytes"] == 9)
            let other = String(repeating: "0", count: 64)
            let missing = try await bench.command(["evidence", other, "--to", path + "2"])
            #expect(missing.status == 3 && missing.messages.contains("there is no evidence \(other)"))
            #expect(!FileManager.default.fileExists(atPath: path + "2"))
            let viewer = try await bench.command(["evidence", digest, "--to", path + "2"], as: "viewer")
            #expect(viewer.status == 4 && viewer.messages.contains("needs the role operator"))
        }
    }

    @Test func `a document that is not the one asked for is refused and not written`() async throws {
        let bench = try await ClientBench(answering: 200, "another document")
        let path = try bench.write("before", as: "out")
        let run = try await bench.run(["evidence", String(repeating: "0", count: 64), "--to", path])
        let kept = try String(contentsOfFile: path, encoding: .utf8)
        try await bench.close()
        #expect(run.status == 1 && run.messages.contains("what came is not the document"), "\(run.messages)")
        #expect(kept == "before")
    }
}
