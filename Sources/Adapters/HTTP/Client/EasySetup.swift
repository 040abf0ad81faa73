internal import CCurl

/// Sets options of one easy handle and remembers whether libcurl refused any.
final class EasySetup {
    private let easy: UnsafeMutableRawPointer
    private(set) var failed = false

    init(_ easy: UnsafeMutableRawPointer) {
        self.easy = easy
    }

    func fail() {
        failed = true
    }

    func set(_ option: CURLoption, _ value: Int) {
        check(saga_curl_set_long(easy, option, value))
    }

    func set(_ option: CURLoption, _ value: String) {
        check(saga_curl_set_string(easy, option, value))
    }

    func setOffset(_ option: CURLoption, _ value: Int) {
        check(saga_curl_set_offset(easy, option, curl_off_t(value)))
    }

    func setPointer(_ option: CURLoption, _ value: UnsafeMutableRawPointer) {
        check(saga_curl_set_pointer(easy, option, value))
    }

    func setList(_ option: CURLoption, _ value: UnsafeMutablePointer<curl_slist>?) {
        check(saga_curl_set_list(easy, option, value))
    }

    func setData(_ option: CURLoption, _ value: @escaping saga_curl_data_callback) {
        check(saga_curl_set_data_callback(easy, option, value))
    }

    func setPrerequest(_ value: @escaping saga_curl_prereq_callback) {
        check(saga_curl_set_prereq_callback(easy, value))
    }

    /// libcurl copies the bytes; their count must have been set before.
    func copyBody(_ body: [UInt8]) {
        body.withUnsafeBytes { bytes in
            check(
                saga_curl_set_bytes(
                    easy, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress.map { UnsafeRawPointer($0) } ?? emptyBody))
        }
    }

    private var emptyBody: UnsafeRawPointer? {
        // A null body would make libcurl read from standard input; the URL-encoded empty text is a static literal.
        let empty: StaticString = ""
        return UnsafeRawPointer(empty.utf8Start)
    }

    private func check(_ code: CURLcode) {
        if code != CURLE_OK { failed = true }
    }
}
