print("saga-bench")
