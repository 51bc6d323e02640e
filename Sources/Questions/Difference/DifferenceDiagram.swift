import CloudModel

/// Where two policies give different verdicts, as a decision diagram.
///
/// A node asks for one field; an edge has a set of the field's values and leads to the node that asks
/// for the next; an end has the two outcomes. Values on no edge make no difference. The sets of a node's
/// edges are disjoint, equal nodes are one, and so a path is a box of packets that differ in the same
/// way.
///
/// Both policies are walked at once, field by field. The values of a field fall into classes that meet
/// the same steps; each class leaves two shorter lists of steps, and the walk goes on with those. It
/// stops where the lists are equal or all of one verdict, so it looks only at values on which the
/// policies can differ. Pairs of lists that were walked once are remembered, over all policies of a
/// fleet. Source: Gouda and Liu, *Structured firewall design*, Computer Networks 51 (2007), whose
/// diagrams these are.
struct DifferenceDiagram {
    struct Edge: Hashable {
        /// `nil` is every value of the field.
        let values: IntervalSet?
        let node: Int
    }

    enum Node: Hashable {
        case field(PacketField, [Edge])
        /// The numbers of the outcomes.
        case end(before: Int, after: Int)
    }

    private struct Pair: Hashable {
        let before: [Int]
        let after: [Int]
    }

    private(set) var nodes = Interner<Node>()
    // The links of a list say which field they are for, so the pair is enough of a key.
    private var known: [Pair: Int?] = [:]

    /// The node for two policies; `nil` if no packet's verdict differs.
    ///
    /// - Complexity: exponential in the number of fields at worst. A policy of *r* rules without one of
    ///   them takes about *r* times the classes that the one rule's values fall into.
    mutating func root(_ before: [Int], _ after: [Int], _ pool: StepPool) -> Int? {
        node(for: before, after, from: 0, pool)
    }

    private mutating func node(
        for before: [Int], _ after: [Int], from depth: Int, _ pool: StepPool
    ) -> Int? {
        if before == after || pool.haveOneVerdict(before, after) { return nil }
        guard let field = PacketField(rawValue: depth) else {
            return nodes.id(
                of: .end(before: pool.rest(of: before[0]), after: pool.rest(of: after[0])))
        }
        let pair = Pair(before: before, after: after)
        if let node = known[pair] { return node }
        let node = makeNode(for: field, before, after, pool)
        known[pair] = .some(node)
        return node
    }

    private mutating func makeNode(
        for field: PacketField, _ before: [Int], _ after: [Int], _ pool: StepPool
    ) -> Int? {
        let classes = FieldClasses(field, before, after, pool)
        // By the node that they lead to, in the order of their smallest values.
        var places: [Int: Int] = [:]
        var edges: [Edge] = []
        for valueClass in classes.all {
            guard
                let next = node(
                    for: valueClass.before, valueClass.after, from: field.rawValue + 1, pool)
            else { continue }
            guard let values = valueClass.values else {
                // The only class: every value leads there, so the field need not be asked for.
                return next
            }
            if let place = places[next], let others = edges[place].values {
                edges[place] = Edge(values: others.union(values), node: next)
            } else {
                places[next] = edges.count
                edges.append(Edge(values: values, node: next))
            }
        }
        guard let only = edges.first else { return nil }
        if edges.count == 1, only.values == pool.domain(field) { return only.node }
        return nodes.id(of: .field(field, edges))
    }
}
