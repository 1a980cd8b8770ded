import FunctionModel
import HTTPCodec
import NIOCore

/// Answers: from invocations, and those that the gateway gives itself.
extension ConnectionHandler {
    /// A body up to this size is copied behind its head, so that both leave in one write.
    static let maxInlineBodyBytes = 16_384

    // MARK: From invocations

    func answer(_ reply: InvocationReply, of exchange: GatewayExchange) {
        guard exchange === self.exchange else { return }
        switch reply {
        case .result(let result):
            finishExchange()
            do throws(InvocationFailure) {
                let response = try ResponseMapper.map(result, mapping: exchange.mapping)
                writeWhole(
                    status: response.status, contentType: response.contentType, fields: response.fields,
                    body: response.body)
            } catch {
                answer(error)
            }
        case .failure(let failure):
            finishExchange()
            if machine.state == .streaming { abort() } else { answer(failure) }
        case .responseHead(let head): beginStream(head)
        case .responseChunk(let bytes): stream(bytes)
        case .responseEnd:
            finishExchange()
            endStream()
        }
    }

    /// A whole answer that no handler has made; its fields say its type.
    func answer(status: Int, fields: HTTPFields, body: ByteBuffer, of exchange: GatewayExchange) {
        guard exchange === self.exchange else { return }
        finishExchange()
        writeWhole(status: status, contentType: nil, fields: fields, body: body)
    }

    private func finishExchange() {
        let exchange = exchange
        self.exchange = nil
        exchange?.detach()
    }

    // MARK: Streams

    private func beginStream(_ head: HTTPResponseHead) {
        guard (200...599).contains(head.status) else {
            finishExchange()
            let detail = "The function answered with the status \(head.status); a response has one from 200 to 599."
            answer(ProblemDocument(.invalidResponse, detail))
            return
        }
        outgoing = OutgoingBody(
            status: head.status, framing: head.framing, isHead: envelope.isHead, minorVersion: envelope.minorVersion)
        envelope.keepAlive = machine.answerBegan(isDelimited: outgoing.isDelimited)
        let writer = ResponseHeadWriter(envelope: envelope, date: gateway.currentDate())
        let framing = outgoing.framing
        let isHead = envelope.isHead
        let outcome = gateway.withScratch { buffer -> Result<ByteBuffer, InvocationFailure> in
            do throws(InvocationFailure) {
                try writer.write(
                    status: head.status, contentType: nil, fields: head.fields, framing: framing, keepsLength: isHead,
                    into: &buffer)
                return .success(buffer)
            } catch {
                return .failure(error)
            }
        }
        switch outcome {
        case .success(let bytes):
            write(bytes)
            flushSoon()
        case .failure(let failure):
            finishExchange()
            rewriteAsProblem(ProblemDocument(failure))
        }
        if let context { exchange?.setPaused(!context.channel.isWritable) }
    }

    private func stream(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        switch outgoing {
        case .suppressed: return
        case .length(let missing):
            guard bytes.readableBytes <= missing else {
                finishExchange()
                abort()
                return
            }
            outgoing = .length(missing: missing - bytes.readableBytes)
            write(bytes)
        case .untilClose: write(bytes)
        case .chunked: writeChunk(bytes)
        }
        flushSoon()
    }

    private func writeChunk(_ bytes: ByteBuffer) {
        if bytes.readableBytes <= Self.maxInlineBodyBytes {
            write(
                gateway.withScratch { buffer in
                    HTTPWriter.writeChunk(bytes, into: &buffer)
                    return buffer
                })
            return
        }
        write(
            gateway.withScratch { buffer in
                HTTPWriter.writeChunkHead(size: bytes.readableBytes, into: &buffer)
                return buffer
            })
        write(bytes)
        write(ByteBuffer(staticString: "\r\n"))
    }

    private func endStream() {
        switch outgoing {
        case .length(let missing) where missing > 0:
            // Fewer bytes than were promised: the client must not take them for the whole.
            abort()
            return
        case .chunked: write(ByteBuffer(staticString: "0\r\n\r\n"))
        case .length, .suppressed, .untilClose: break
        }
        ended()
    }

    // MARK: Whole answers

    /// Says why a function gives no answer.
    func answer(_ failure: InvocationFailure) {
        guard envelope.isFunctionURL else { return answer(ProblemDocument(failure)) }
        let known = FunctionURLFailure(failure)
        writeWhole(status: known.status, contentType: known.contentType, fields: known.fields, body: known.body)
    }

    func answer(_ own: OwnAnswer) {
        switch own {
        case .problem(let problem): answer(problem)
        case .empty(let fields): writeWhole(status: 200, contentType: nil, fields: fields, body: ByteBuffer())
        case .health: answerOK("{\"status\":\"ok\"}")
        case .readiness(let events):
            let readiness =
                gateway.isDraining
                ? .notReady(["The controller is stopping."]) : gateway.delegate.readiness(events: events)
            switch readiness {
            case .ready: answerOK("{\"status\":\"ready\"}")
            case .notReady(let reasons):
                answer(
                    ProblemDocument(
                        code: "not_ready", status: 503, title: "Glo is not ready",
                        detail: reasons.joined(separator: " "), retryAfterSeconds: 1))
            }
        }
    }

    private func answerOK(_ json: StaticString) {
        writeWhole(
            status: 200, contentType: ResponseMapper.json, fields: HTTPFields(), body: ByteBuffer(staticString: json))
    }

    func answer(_ problem: ProblemDocument) {
        writeWhole(
            status: problem.status, contentType: ProblemDocument.contentType, fields: problem.fields,
            body: problem.body(invocation: envelope.id))
    }

    /// The head of a stream could not be written; nothing of it has left, so the answer can still be another.
    private func rewriteAsProblem(_ problem: ProblemDocument) {
        envelope.keepAlive = machine.keepsAlive
        emit(problem)
        ended()
    }

    private func emit(_ problem: ProblemDocument) {
        do throws(InvocationFailure) {
            try emitWhole(
                status: problem.status, contentType: ProblemDocument.contentType, fields: problem.fields,
                body: problem.body(invocation: envelope.id))
        } catch {
            preconditionFailure("the fields of a problem are valid")
        }
    }

    private func writeWhole(status: Int, contentType: StaticString?, fields: HTTPFields, body: ByteBuffer) {
        envelope.keepAlive = machine.answerBegan(isDelimited: true)
        do throws(InvocationFailure) {
            try emitWhole(status: status, contentType: contentType, fields: fields, body: body)
            ended()
        } catch {
            rewriteAsProblem(ProblemDocument(error))
        }
    }

    /// On an error nothing has been written, and another answer can be given.
    private func emitWhole(
        status: Int, contentType: StaticString?, fields: HTTPFields, body: ByteBuffer
    ) throws(InvocationFailure) {
        let writer = ResponseHeadWriter(envelope: envelope, date: gateway.currentDate())
        let hasBody = !HTTPWriter.isBodiless(status)
        let carriesBody = hasBody && !envelope.isHead && body.readableBytes > 0
        let isInline = carriesBody && body.readableBytes <= Self.maxInlineBodyBytes
        let outcome = gateway.withScratch { buffer -> Result<ByteBuffer, InvocationFailure> in
            do throws(InvocationFailure) {
                try writer.write(
                    status: status, contentType: hasBody ? contentType : nil, fields: fields,
                    framing: .length(status == 205 ? 0 : body.readableBytes), into: &buffer)
            } catch {
                return .failure(error)
            }
            if isInline { buffer.writeImmutableBuffer(body) }
            return .success(buffer)
        }
        write(try outcome.get())
        if carriesBody, !isInline { write(body) }
    }

    /// The answer is written as far as it goes; what comes next is the machine's to say.
    private func ended() {
        carryOut(machine.answerEnded(now: gateway.clock.now()))
        guard machine.parses else { return }
        process()
        flushSoon()
    }
}
