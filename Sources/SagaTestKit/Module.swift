enum SagaTestKitModule {}
