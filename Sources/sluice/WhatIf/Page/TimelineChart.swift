import Foundation
import Replay

/// The small charts over time: what was accepted and dropped in both worlds, and what flips.
///
/// Charts are stretched to the width that there is, so their labels stand beside them, not in them.
struct TimelineChart {
    private let steps: [Timeline.Step]
    private let timeline: Timeline

    init(_ timeline: Timeline) {
        self.timeline = timeline
        steps = timeline.all
    }

    /// Three charts, or a word about why there are none.
    var html: HTMLText {
        guard let start = timeline.start, steps.count > 1 else {
            return "<p class=\"soft\">All packets fall into one moment.</p>"
        }
        let from = TimelineChart.text(of: start)
        let length = "+\(Figures.duration(Double(steps.count) * timeline.stepSeconds))"
        return """
            <div class="grid">
            \(pair("Accepted packets", "accept", \.acceptedBefore, \.acceptedAfter, from, length))
            \(pair("Dropped packets", "drop", \.droppedBefore, \.droppedAfter, from, length))
            \(flips(from, length))
            </div>
            <p class="soft small">A step is \(Figures.duration(timeline.stepSeconds)).
            <span class="key"></span>before
            <span class="key line accept"></span><span class="key line drop"></span>after</p>
            """
    }

    private func pair(
        _ title: String, _ kind: HTMLText, _ before: KeyPath<Timeline.Step, Int>,
        _ after: KeyPath<Timeline.Step, Int>, _ from: String, _ length: String
    ) -> HTMLText {
        let counts = (steps.map { $0[keyPath: before] }, steps.map { $0[keyPath: after] })
        let top = max(counts.0.max() ?? 0, counts.1.max() ?? 0)
        let shapes: HTMLText = """
            <path class="before" d="\(area(counts.0, top))"/>
            <path class="after \(kind)" d="\(line(counts.1, top))"/>
            """
        let change =
            "\(Figures.grouped(counts.0.reduce(0, +))) before, "
            + "\(Figures.grouped(counts.1.reduce(0, +))) after"
        return chart(title, change, top, shapes, from, length)
    }

    private func flips(_ from: String, _ length: String) -> HTMLText {
        let counts = steps.map(\.flipped)
        let top = counts.max() ?? 0
        let bars = counts.enumerated().filter { $0.element > 0 }.map { step, count -> HTMLText in
            let height = 100 * Double(count) / Double(top)
            return """
                <rect class="flips" x="\(step)" width="0.9" y="\(coordinate(100 - height))" \
                height="\(coordinate(height))"/>
                """
        }
        let total = Figures.packets(counts.reduce(0, +))
        return chart("Packets that flip", total, top, bars.joined, from, length)
    }

    private func chart(
        _ title: String, _ summary: String, _ top: Int, _ shapes: HTMLText, _ from: String,
        _ length: String
    ) -> HTMLText {
        """
        <div class="panel"><h3>\(title)</h3>
        <div class="axis soft small"><span>\(summary)</span>\
        <span>at most \(Figures.grouped(top)) a step</span></div>
        <svg role="img" aria-label="\(title) over time: \(summary)" \
        viewBox="0 0 \(steps.count) 100" preserveAspectRatio="none">\(shapes)</svg>
        <div class="axis soft small"><span>\(from)</span><span>\(length)</span></div></div>
        """
    }

    /// Stairs, one for each step.
    private func line(_ counts: [Int], _ top: Int) -> HTMLText {
        counts.enumerated().map { step, count -> HTMLText in
            // A margin of two keeps half of the line's width inside of the picture.
            let height = coordinate(98 - 96 * Double(count) / Double(max(top, 1)))
            return "\(step == 0 ? "M" : "L")\(step) \(height)H\(step + 1)"
        }.joined
    }

    private func area(_ counts: [Int], _ top: Int) -> HTMLText {
        "\(line(counts, top))V100H0Z"
    }

    private func coordinate(_ value: Double) -> String {
        Figures.decimal(max(0, value), digits: 1)
    }

    /// A time as people write it, in UTC.
    private static func text(of seconds: Double) -> String {
        Date(timeIntervalSince1970: seconds)
            .formatted(.iso8601.dateSeparator(.dash).dateTimeSeparator(.space))
    }
}
