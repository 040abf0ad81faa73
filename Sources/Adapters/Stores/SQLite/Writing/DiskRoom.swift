internal import Foundation
internal import SagaEngine

/// Whether there is room on the disk for another batch, looked at before it begins.
///
/// A commit that fails half-way leaves open whether it is durable, and the store must stop; one that is not begun does
/// no harm, and the store goes on when there is room again.
struct DiskRoom {
    let path: String
    let minimum: Int64

    /// Throws ``StoreError/Code/unavailable`` when less than the minimum is free.
    func check() throws(StoreError) {
        guard minimum > 0 else { return }
        var status = statvfs()
        // A disk that cannot be asked is found out by the write itself.
        guard statvfs(path, &status) == 0 else { return }
        let free = Int64(clamping: status.f_bavail) * Int64(clamping: status.f_frsize)
        guard free < minimum else { return }
        throw StoreError(
            .unavailable, "the disk of \(path) has \(free >> 20) MiB free and needs \(minimum >> 20) MiB: make room")
    }
}
