import FunctionModel
import NIOCore
import RedisClient

extension ClaimedEvent {
    /// Reads one entry of the answer of `glo_claim`; nil when it is none.
    init?(_ fields: [RedisValue]) {
        guard fields.count >= 19, let id = fields[0].invocationID, let queue = fields[1].text.flatMap(EventQueue.init),
            let generation = fields[2].number, let attempt = fields[3].number, let crashes = fields[4].number,
            let acceptedAt = fields[5].number, let payload = fields[6].bytes, let event = fields[11].text,
            let maxAttempts = fields[16].number, let expiresAt = fields[17].number, let hops = fields[18].number
        else { return nil }
        self.id = id
        self.queue = queue
        self.generation = generation
        self.attempt = attempt
        self.maxAttempts = maxAttempts
        self.crashes = crashes
        acceptedAtMilliseconds = acceptedAt
        expiresAtMilliseconds = expiresAt
        self.payload = payload
        ref = fields[7].nonEmptyText
        meta = fields[8].nonEmptyBytes
        contentType = fields[9].nonEmptyText
        topic = fields[10].nonEmptyText
        self.event = event
        group = fields[12].nonEmptyText
        key = fields[13].nonEmptyText
        source = fields[14].nonEmptyText
        schedule = fields[15].nonEmptyText
        self.hops = hops
        qualifier = fields.count > 19 ? fields[19].nonEmptyText : nil
        sequence = fields.count > 20 ? fields[20].number ?? 0 : 0
        deadLetterSource = fields.count > 21 ? fields[21].nonEmptyText : nil
    }
}
