/// The engine remembers a saga stage by stage and never sends anything twice.
enum SagaEngineModule {}
