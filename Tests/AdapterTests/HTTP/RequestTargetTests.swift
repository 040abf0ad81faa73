import Testing

@testable import Adapters

@Suite struct RequestTargetTests {
    @Test func `a canonical target is read`() throws {
        let target = try #require(RequestTarget(Array("/api/v1/a%20b/?q=1&r=a+b%2Fc&flag&q=2".utf8)))
        #expect(target.path == "/api/v1/a%20b/")
        #expect(target.segments == ["api", "v1", "a b", ""])
        #expect(
            target.query == [
                HTTPQueryItem("q", "1"), HTTPQueryItem("r", "a b/c"), HTTPQueryItem("flag", ""),
                HTTPQueryItem("q", "2"),
            ])
        #expect(RequestTarget(Array("/".utf8))?.segments == [""])
    }

    @Test(arguments: [
        "", "*", "a", "http://x/a", "//a", "/a//b", "/./a", "/a/..", "/%2e%2e/a", "/.%2E", "/a%2fb", "/a%2Fb", "/a%5cb",
        "/a\\b",
        "/a%00b", "/a%0ab", "/a%7f", "/a%", "/a%2", "/a%zz", "/%61", "/a#b", "/a b", "/a\u{7f}", "/%ff", "/é",
        "/a?b=%00",
        "/a?b=%", "/a?b=%ff",
    ])
    func `any other spelling is refused`(text: String) {
        #expect(RequestTarget(Array(text.utf8)) == nil)
    }

    @Test func `pairs end at the limit`() {
        let pairs = [String](repeating: "a=1", count: RequestTarget.queryLimit)
        #expect(RequestTarget(Array("/?\(pairs.joined(separator: "&"))".utf8)) != nil)
        #expect(RequestTarget(Array("/?\((pairs + ["a=1"]).joined(separator: "&"))".utf8)) == nil)
    }
}

@Suite struct RouterTests {
    private func router() -> Router {
        var router = Router()
        for (method, pattern) in [
            (HTTPMethod.get, "/a/{id}"), (.get, "/a/list"), (.put, "/a/{id}"), (.post, "/a/{id}/b/{line}"),
        ] {
            router.on(method, pattern) { request in
                .text(
                    200,
                    pattern + " " + request.parameters.sorted { $0.key < $1.key }.map(\.value).joined(separator: ","))
            }
        }
        return router
    }

    private func answer(_ method: HTTPMethod, _ segments: [String]) async -> HTTPServerResponse {
        let (route, parameters) = router().route(method, segments)
        return await route.handler(HTTPServerRequest(method: method, path: "/", parameters: parameters))
    }

    @Test func `a literal is preferred over a name, and names get their segments`() async {
        #expect(await answer(.get, ["a", "list"]).body == Array("/a/list ".utf8))
        #expect(await answer(.get, ["a", "7"]).body == Array("/a/{id} 7".utf8))
        #expect(await answer(.post, ["a", "x/y", "b", "2"]).body == Array("/a/{id}/b/{line} x/y,2".utf8))
    }

    @Test func `an unknown path is 404, an unknown method 405 with what is allowed`() async {
        for path in [["a"], ["a", ""], ["a", "1", ""], ["A", "1"], ["b"], [""]] {
            #expect(await answer(.get, path).status == 404)
        }
        let refused = await answer(.delete, ["a", "7"])
        #expect(refused.status == 405)
        #expect(refused.headers["Allow"] == "GET, HEAD, PUT")
    }

    @Test func `a parameter is read as a type or not at all`() {
        let request = HTTPServerRequest(method: .get, path: "/", parameters: ["n": "12", "t": "x"])
        #expect(request.parameter("n", as: Int.self) == 12)
        #expect(request.parameter("t", as: Int.self) == nil)
    }
}
