import Foundation

/// Where figures go: each line at once, whatever standard output is.
enum Report {
    static func line(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }
}
