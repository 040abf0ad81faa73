/// What a command is for: the headings of the overview.
enum CommandGroup: String, CaseIterable, Sendable {
    case start = "Start"
    case look = "Look"
    case act = "Act on sagas"
    case notices = "Notices"
    case persons = "The second person"
    case care = "Care"
}
