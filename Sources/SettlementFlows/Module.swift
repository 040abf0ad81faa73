enum SettlementFlowsModule {}
