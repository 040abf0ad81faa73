public import SagaEngine

extension SHA256Digest: Digest {}
