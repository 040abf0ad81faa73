import Adapters
import Testing

@Suite struct Base64Tests {
    @Test func `RFC 4648's examples go both ways`() {
        let pairs = [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ]
        for (text, encoded) in pairs {
            #expect(Base64.encode(Array(text.utf8)) == encoded)
            #expect(Base64.decode(encoded) == Array(text.utf8))
        }
    }

    @Test func `every length comes back`() {
        for count in 0...300 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", " Zg==", "Zg==\n", "Zg= =", "Z===", "====", "Zm9v====", "Zg==Zg==",
        "Zm-v",
        "Zm_v", "Zé==",
    ])
    func `a second spelling is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}

@Suite struct HexTests {
    @Test func `bytes go both ways, either case comes in`() {
        #expect(Hex.encode([0x00, 0xff, 0x1a]) == "00ff1a")
        #expect(Hex.decode("00fF1A") == [0x00, 0xff, 0x1a])
        #expect(Hex.decode("0") == nil)
        #expect(Hex.decode("0g") == nil)
        #expect(Hex.decode("+1") == nil)
    }
}
