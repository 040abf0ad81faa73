internal import CCurl
internal import Glibc

extension CurlTransfer {
    /// Headers that decide framing or routing; libcurl writes them itself, from the request's own parts.
    private static let managed = ["host", "content-length", "transfer-encoding", "connection", "expect", "upgrade"]

    /// Whether the request can be written as it stands.
    var isWellFormed: Bool {
        let isAddress =
            (request.url.hasPrefix("http://") || request.url.hasPrefix("https://"))
            && request.url.utf8.allSatisfy { (0x21...0x7e).contains($0) }
        return isAddress && (request.method != .head || request.body.isEmpty)
            && request.headers.fields.allSatisfy { field in
                HTTPHeaders.isName(field.name) && HTTPHeaders.isValue(field.value)
                    && !Self.managed.contains { HTTPHeaders.same($0, field.name) }
            }
    }

    /// Makes the easy handle; false if libcurl refuses an option, which leaves nothing sent.
    func prepare(_ limits: HTTPClientConfiguration, remaining: Duration) -> Bool {
        guard let handle = curl_easy_init() else { return false }
        easy = handle
        let setup = EasySetup(handle)
        setUpConnection(setup, limits, remaining)
        setUpRequest(setup)
        setUpCallbacks(setup)
        return !setup.failed
    }

    private func setUpConnection(_ setup: EasySetup, _ limits: HTTPClientConfiguration, _ remaining: Duration) {
        setup.set(CURLOPT_URL, request.url)
        setup.set(CURLOPT_NOSIGNAL, 1)
        setup.set(CURLOPT_PROTOCOLS_STR, "http,https")
        setup.set(CURLOPT_FOLLOWLOCATION, 0)
        setup.set(CURLOPT_PROXY, "")
        setup.set(CURLOPT_NOPROXY, "*")
        setup.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        setup.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        setup.set(CURLOPT_PATH_AS_IS, 1)
        setup.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        setup.set(CURLOPT_HTTP09_ALLOWED, 0)
        setup.set(CURLOPT_SSL_VERIFYPEER, 1)
        setup.set(CURLOPT_SSL_VERIFYHOST, 2)
        setup.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let caFile = limits.caFile {
            setup.set(CURLOPT_CAINFO, caFile)
        }
        setup.set(CURLOPT_QUICK_EXIT, 1)
        setup.set(CURLOPT_TCP_NODELAY, 1)
        setup.set(CURLOPT_MAXAGE_CONN, max(1, Int(limits.idleConnectionAge.components.seconds)))
        setup.set(CURLOPT_CONNECTTIMEOUT_MS, limits.connectTimeout.milliseconds)
        setup.set(CURLOPT_TIMEOUT_MS, remaining.milliseconds)
        setup.set(CURLOPT_USERAGENT, limits.userAgent)
    }

    private func setUpRequest(_ setup: EasySetup) {
        if request.method == .head {
            setup.set(CURLOPT_NOBODY, 1)
        } else if let path = request.bodyFile {
            setUpFile(path, setup)
            setup.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        } else if !request.body.isEmpty || request.method == .post || request.method == .put {
            setup.set(CURLOPT_POST, 1)
            setup.setOffset(CURLOPT_POSTFIELDSIZE_LARGE, request.body.count)
            setup.copyBody(request.body)
            setup.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        } else {
            setup.set(CURLOPT_HTTPGET, 1)
            setup.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
        for field in request.headers {
            // libcurl takes "Name:" for "leave it out"; an empty value is written "Name;".
            append(field.value.isEmpty ? field.name + ";" : field.name + ": " + field.value, setup)
        }
        if request.isChunked { append("Transfer-Encoding: chunked", setup) }
        // No waiting for 100 Continue, and no content type that the request did not give.
        append("Expect:", setup)
        if request.headers["Content-Type"] == nil { append("Content-Type:", setup) }
        setup.setList(CURLOPT_HTTPHEADER, headerList)
    }

    /// libcurl's own reader takes the file as it sends; the size as it is now is what is announced and sent.
    private func setUpFile(_ path: String, _ setup: EasySetup) {
        var status = stat()
        guard request.body.isEmpty, let file = fopen(path, "rbe"), fstat(fileno(file), &status) == 0 else {
            return setup.fail()
        }
        uploadedFile = file
        setup.set(CURLOPT_UPLOAD, 1)
        setup.setOffset(CURLOPT_INFILESIZE_LARGE, Int(status.st_size))
        setup.setPointer(CURLOPT_READDATA, file)
    }

    private func append(_ line: String, _ setup: EasySetup) {
        guard let list = curl_slist_append(headerList, line) else { return setup.fail() }
        headerList = list
    }

    /// The loop keeps the transfer in its table while libcurl holds these pointers, so they are unretained.
    private func setUpCallbacks(_ setup: EasySetup) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        setup.setPointer(CURLOPT_PRIVATE, context)
        setup.setPointer(CURLOPT_WRITEDATA, context)
        setup.setPointer(CURLOPT_HEADERDATA, context)
        setup.setPointer(CURLOPT_PREREQDATA, context)
        setup.setData(CURLOPT_WRITEFUNCTION) { data, size, count, context in
            guard let data, let context else { return 0 }
            let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
            return transfer.receive(body: UnsafeRawBufferPointer(start: data, count: size * count)) ? size * count : 0
        }
        setup.setData(CURLOPT_HEADERFUNCTION) { data, size, count, context in
            guard let data, let context else { return 0 }
            let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
            let line = UnsafeRawBufferPointer(start: data, count: size * count)
            return transfer.receive(headerLine: line) ? size * count : 0
        }
        setup.setPrerequest { context, _, _, _, _ in
            guard let context else { return CURL_PREREQFUNC_ABORT }
            let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
            return transfer.willSend() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
    }

    /// Frees what libcurl lent; the handle must have left the multi handle before.
    func release() {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        if let uploadedFile { fclose(uploadedFile) }
        easy = nil
        headerList = nil
        uploadedFile = nil
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, at least one: libcurl takes zero for "for ever".
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
