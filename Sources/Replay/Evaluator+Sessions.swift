internal import Captures
internal import CloudModel
internal import FilterTables
internal import Sessions

/// What sessions make of the tables' outcomes.
///
/// A packet whose flow the memo knows follows the flow's record without a look-up; an evaluation with a trace of
/// one counts as established from the beginning, and is corrected in the rare case that it is not.
extension Evaluator {
    /// Lists the evaluations of packets whose flows the memo does not know: their sessions are to be searched.
    mutating func searchMissed(_ frames: borrowing DecodedFrames) {
        beginSearch()
        for missed in probes.missed {
            let time = SessionTime(frames.facts[missed.place].time)
            for index in answers[missed.place].evaluations {
                passages[index] = Passage(
                    of: missed.place, at: evaluations[index].interfaceNumber,
                    isEgress: evaluations[index].isEgress, time)
                searched.append(index)
            }
        }
    }

    /// Forgets what was searched.
    mutating func beginSearch() {
        searched.removeAll(keepingCapacity: true)
        unanswered.removeAll(keepingCapacity: true)
    }

    /// Looks for the sessions that are to be searched.
    mutating func findSessions(of frames: borrowing DecodedFrames) {
        sessions.find(searched, &passages, of: frames.headers, &unanswered)
        for index in searched where passages[index].trace.isKnown {
            evaluations[index].outcome = .established
        }
    }

    /// Gives packets what the tables say, and where sessions are, from the packets of their flows that were missed
    /// before them.
    mutating func followLeaders(in frames: borrowing DecodedFrames) {
        for follower in probes.followers {
            let leader = answers[probes.missed[follower.leader].place].evaluations
            let followed = answers[follower.place].evaluations.lowerBound - leader.lowerBound
            for source in leader {
                outcomes[source + followed] = outcomes[source]
                if policy == .stateless { continue }
                let evaluation = evaluations[source]
                evaluations[source + followed] = evaluation
                passages[source + followed] = Passage(
                    of: follower.place, at: evaluation.interfaceNumber,
                    isEgress: evaluation.isEgress,
                    SessionTime(frames.facts[follower.place].time),
                    following: passages[source].trace)
            }
        }
    }

    /// The trace of an evaluation's record.
    func trace(at index: Int) -> RecordTrace {
        policy == .stateless ? .none : passages[index].trace
    }

    /// Takes the outcomes of the tables through sessions, in the order of the frames, so that a batch may
    /// hold a packet and its reply.
    mutating func judge(_ places: Range<Int>, of frames: borrowing DecodedFrames) {
        var place = places.lowerBound
        while true {
            place = sessions.goOn(place..<places.upperBound, passages, of: frames.headers)
            guard place < places.upperBound else { return }
            takeBack(place, of: frames)
            if !goesOnBehindLeader(place, of: frames) { judgeAlone(place, of: frames) }
            place += 1
        }
    }

    /// Has the memo know where the flows of a batch's packets lead now.
    mutating func noteTraces(_ frames: borrowing DecodedFrames) {
        for index in retraced {
            flowMemo.note(
                passages[index].trace, outcomes[index], isEgress: evaluations[index].isEgress,
                of: frames.headers[Int(passages[index].frame)])
        }
    }

    /// Whether the session goes on that an evaluation's flow has got since the batch began.
    private mutating func goesOnBehindLeader(
        _ index: Int, of frames: borrowing DecodedFrames
    ) -> Bool {
        let place = Int(passages[index].frame)
        guard !passages[index].trace.isKnown, let leader = probes.leader(of: place) else {
            return false
        }
        let number = index - answers[place].evaluations.lowerBound
        passages[index].trace = passages[answers[leader].evaluations.lowerBound + number].trace
        guard sessions.goOn(passages[index], of: frames.headers[place]) else { return false }
        evaluations[index].outcome = .established
        return true
    }

    /// Judges an evaluation for which no session is known to answer.
    private mutating func judgeAlone(_ index: Int, of frames: borrowing DecodedFrames) {
        let place = Int(passages[index].frame)
        let header = frames.headers[place]
        var (evaluation, passage) = (evaluations[index], passages[index])
        let formerTrace = passage.trace
        let wasUndecided = outcomes[index].isUndecided
        if wasUndecided {
            outcomes[index] = decider.outcome(
                of: Query(
                    header, at: evaluation.interfaceNumber, isEgress: evaluation.isEgress))
        }
        let judgement = sessions.judge(
            &passage, of: header, quoting: frames.note(at: place)?.quoted,
            stateless: outcomes[index], &decider)
        passages[index] = passage
        evaluation.outcome = judgement.outcome
        evaluation.isOfUnknownFlow = judgement.isOfUnknownFlow
        evaluations[index] = evaluation
        combine(at: place)
        if passage.trace.isKnown || formerTrace.isKnown || wasUndecided {
            retraced.append(index)
        }
    }
}
