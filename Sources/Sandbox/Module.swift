enum SandboxModule {}
