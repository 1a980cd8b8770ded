/// What a connection's owner wants done on each new connection before it counts as ready.
package enum RedisSetupStep {
    /// Nothing more: the connection can be used.
    case ready
    /// The server is not fit for use. The connection is closed and tried again later, and the reason is logged once.
    case refuse(RedisError)
    /// Send these together, and go on with what `then` says to their answers.
    case run([RedisCommand], then: (_ replies: [RedisValue]) -> RedisSetupStep)
}
