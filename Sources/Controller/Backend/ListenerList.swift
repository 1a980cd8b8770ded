import AdminModel

/// The addresses of the admin API, known only when it listens.
actor ListenerList {
    private(set) var listeners: [ListenerStatus] = []

    func set(_ listeners: [ListenerStatus]) { self.listeners = listeners }
}
