@main
struct SagaRunner {
    static func main() async {
        print("saga-runner")
    }
}
