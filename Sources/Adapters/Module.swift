enum AdaptersModule {}
