/// Whoever uses a socket. Called on the event loop.
protocol RedisSocketDelegate: AnyObject {
    func socketConnected(_ socket: RedisSocket)
    func socket(_ socket: RedisSocket, received value: RedisValue)
    /// It could not connect, or went away. Nothing comes after it.
    func socketEnded(_ socket: RedisSocket, _ reason: RedisError)
}
