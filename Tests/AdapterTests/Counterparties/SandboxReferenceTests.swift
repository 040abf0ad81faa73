import Adapters
import SagaEngine
import Testing

@Suite struct SandboxReferenceTests {
    @Test(arguments: [
        ("SG-TOWER-1", "mint", 0, "SG-TOWER-1:mint~0"),
        ("SG-TOWER-1/fund/INV-0000001", "transfer", 0, "SG-TOWER-1:fund:INV-0000001:transfer~0"),
        ("SG-TOWER-1/fund/INV-0000001", "transfer", 12, "SG-TOWER-1:fund:INV-0000001:transfer~12"),
        ("a:b", "c~d", 0, "a=3ab:c=7ed~0"),
        ("a=b!", "c d", 0, "a=3db=21:c=20d~0"),
        ("Türme", "zahlen", 1, "T=c3=bcrme:zahlen~1"),
    ])
    func `a key is always written the same way`(saga: String, stage: String, refusals: Int, text: String) throws {
        #expect(SandboxReference.text(of: try key(stage, saga, refusals: refusals)) == text)
        #expect(SandboxReference.isReference(text))
    }

    @Test func `a key of two hundred bytes stays whole and a longer one ends in its digest`() throws {
        let fits = try key("s", String(repeating: "x", count: 196))
        #expect(SandboxReference.text(of: fits).utf8.count == 200)
        #expect(SandboxReference.text(of: fits).hasSuffix("x:s~0"))
        let long = SandboxReference.text(of: try key("s", String(repeating: "x", count: 197)))
        #expect(
            long == String(repeating: "x", count: 131)
                + "!7aaef1ff492c06155e56e1fc1628ade24e139fed160f94ddf41c757c0700641c")
        #expect(long.utf8.count <= SandboxReference.longest)
        let other = SandboxReference.text(of: try key("s", String(repeating: "x", count: 198)))
        #expect(other != long)
    }

    @Test(arguments: ["SG-TOWER-1", "a:b/!", "Türme über Türmen", String(repeating: "x", count: 126)])
    func `every reference of a saga and its children is of the saga's family, and no other's`(root: String) throws {
        let root = root.replacing("/", with: " ")
        let family = SandboxReference.family(ofRoot: root)
        let element = String(repeating: "ü", count: 60)
        for saga in [root, "\(root)/fund/INV-1", "\(root)/distribute/\(element)"] {
            #expect(SandboxReference.family(of: SandboxReference.text(of: try key("record", saga))) == family)
        }
        for other in ["\(root)0/fund/INV-1", "\(root)-/fund/INV-1", "x\(root)"] {
            #expect(SandboxReference.family(of: SandboxReference.text(of: try key("record", other))) != family)
        }
    }

    @Test func `a name longer than what is kept of a reference still has one family`() throws {
        let root = String(repeating: "ü", count: 64)
        let family = SandboxReference.family(ofRoot: root)
        #expect(family.utf8.count == 131)
        for saga in [root, "\(root)/fund/INV-1"] {
            #expect(SandboxReference.family(of: SandboxReference.text(of: try key("record", saga))) == family)
        }
    }

    @Test func `what needs escaping in a path is no reference`() {
        for text in ["", "a/b", "a#b", "a b", "a%20", "ü", String(repeating: "x", count: 201)] {
            #expect(!SandboxReference.isReference(text))
        }
    }
}
