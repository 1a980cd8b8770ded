import NIOCore
import RedisClient

extension EventStore {
    func call(_ function: StaticString, _ arguments: String..., capacityBytes: Int = 256) -> LibraryCall {
        var call = LibraryCall(function, key: key, capacityBytes: capacityBytes)
        for argument in arguments { call.add(argument) }
        return call
    }

    /// Sends a call and reads its answer; a reader that gives nil did not find what the library promises.
    func perform<Answer>(
        _ call: LibraryCall, _ read: @escaping (RedisValue) -> Answer?,
        _ done: @escaping (Result<Answer, EventStoreError>) -> Void
    ) {
        let function = call.function
        connection.send(call.command, timeoutMilliseconds: timeoutMilliseconds) { result in
            switch result {
            case .failure(let error): done(.failure(EventStoreError(error)))
            case .success(.error(let error)): done(.failure(EventStoreError(error)))
            case .success(let value):
                guard let answer = read(value) else { return done(.failure(.unexpectedAnswer(of: function))) }
                done(.success(answer))
            }
        }
    }
}
