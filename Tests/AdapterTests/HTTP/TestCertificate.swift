/// A self-signed certificate for localhost and 127.0.0.1, and its key: for tests alone, it protects nothing.
enum TestCertificate {
    static let certificatePEM = """
        -----BEGIN CERTIFICATE-----
        MIIBmjCCAUGgAwIBAgIUaCoRUy/7R3gLa8MqVaIC9m+WEPYwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTE2NTYyMFoYDzIxMjYxMDI4
        MTY1NjIwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAATKR6Sp0RAPkVXyEXZZu+opNiHyzIIEgGxBdKeXdQh2P1PNSh1FsOyj
        ibYftahNFriJByXeKFTvVNkVcmLT3KO9o28wbTAdBgNVHQ4EFgQUrmZhhUBaJ8Qt
        d7TNbuedH1ZgIewwHwYDVR0jBBgwFoAUrmZhhUBaJ8Qtd7TNbuedH1ZgIewwGgYD
        VR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
        zj0EAwIDRwAwRAIgaGnoC4PCnmbD8ydMk0FRb++Jp4MMDqnwYLDY0ZXJ6ZcCIBL8
        Aq2xuN3IlbBLxuBsN0eaKXX97FL+ftRbW1//3+0Q
        -----END CERTIFICATE-----
        """

    static let keyPEM = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgWGGzvuaGerDZeoPZ
        DSarqoiaDzOmga/Ooa9eHIC7v2yhRANCAATKR6Sp0RAPkVXyEXZZu+opNiHyzIIE
        gGxBdKeXdQh2P1PNSh1FsOyjibYftahNFriJByXeKFTvVNkVcmLT3KO9
        -----END PRIVATE KEY-----
        """
}
