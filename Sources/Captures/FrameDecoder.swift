internal import CloudModel

/// Turns a frame into the packet that a security group sees: the outermost IP header and the
/// transport fields behind it.
///
///     let decoded = FrameDecoder(linkType: .ethernet).decode(bytes, originalLength: bytes.byteCount)
///     switch decoded.outcome {
///     case .packet(let packet): …
///     case .none(let cause): count(cause.reason)
///     }
///
/// Any bytes whatever give a result: nothing is thrown, allocated, or read outside of the frame. A
/// decoder is a small value without state; make one wherever it is needed, on any thread.
///
/// - Complexity: O(headers); each header is looked at once.
package struct FrameDecoder: Hashable, Sendable {
    /// How the frames begin.
    package let linkType: LinkType

    /// The tunnel that is looked into; `nil` for none.
    package let encapsulation: Encapsulation?

    /// A decoder for frames that begin as `linkType` says. In a tunnel of the kind `encapsulation` it
    /// finds the inner packet.
    package init(linkType: LinkType, decapsulating encapsulation: Encapsulation? = nil) {
        self.linkType = linkType
        self.encapsulation = encapsulation
    }

    /// The packet in `frame`, of which `originalLength` bytes were on the wire.
    package func decode(_ frame: RawSpan, originalLength: Int) -> DecodedFrame {
        let outer = decodeOutermost(frame, originalLength: originalLength)
        guard let encapsulation else { return outer }
        return encapsulation.inner(of: outer, in: frame, originalLength: originalLength) ?? outer
    }

    @inline(__always)
    private func decodeOutermost(_ frame: RawSpan, originalLength: Int) -> DecodedFrame {
        if linkType.rawValue == 1, let plain = PlainPacket.decoded(frame) { return plain }
        return walk(frame, originalLength: originalLength)
    }

    /// The packet in `frame`, which is no ``PlainPacket``, or nobody knows; tunnels are not looked into.
    func walk(_ frame: RawSpan, originalLength: Int) -> DecodedFrame {
        var walk = LinkWalk(frame, at: 0, originalLength: originalLength)
        return FrameDecoder.decode(frame, from: &walk) { walk throws(Undecodable) in
            try walk.findIP(in: frame, linkType: linkType)
        }
    }

    /// The packet whose IP header is at `offset`, whatever lies before: an inner packet of a tunnel,
    /// or the one that an ICMP error quotes.
    ///
    /// To keep to the outer packet's bytes, pass `frame.extracting(0..<outer.packetEnd)`. A quote is
    /// cut on purpose: with `originalLength` greater than the frame's length, what it lacks reads as
    /// `truncated`, not as `malformed`.
    package static func decode(
        _ frame: RawSpan, asIPAt offset: Int, originalLength: Int
    ) -> DecodedFrame {
        var walk = LinkWalk(frame, at: offset, originalLength: originalLength)
        return decode(frame, from: &walk) { _ throws(Undecodable) in .byVersion }
    }

    /// The packet in the Ethernet frame that begins at `offset`, as VXLAN, Geneve and GRE carry it.
    ///
    /// The parameters are those of ``decode(_:asIPAt:originalLength:)``.
    package static func decode(
        _ frame: RawSpan, asEthernetAt offset: Int, originalLength: Int
    ) -> DecodedFrame {
        var walk = LinkWalk(frame, at: offset, originalLength: originalLength)
        return decode(frame, from: &walk) { walk throws(Undecodable) in
            try walk.findIP(in: frame, linkType: .ethernet)
        }
    }

    /// Follows `findIP` to the IP header, and reads it and what is behind.
    private static func decode(
        _ frame: RawSpan, from walk: inout LinkWalk,
        _ findIP: (inout LinkWalk) throws(Undecodable) -> NetworkLayer
    ) -> DecodedFrame {
        var packet = PacketWalk()
        let outcome: DecodedFrame.Outcome
        do throws(Undecodable) {
            let network = try findIP(&walk)
            packet.networkOffset = walk.offset
            outcome = .packet(
                try packet.read(frame, as: network, at: walk.offset, within: &walk.extent))
        } catch {
            outcome = .none(error)
        }
        return DecodedFrame(
            outcome: outcome, sourceMAC: walk.sourceMAC, destinationMAC: walk.destinationMAC,
            networkOffset: packet.networkOffset, transportOffset: packet.transportOffset,
            packetEnd: walk.extent.end, fragmentProtocol: packet.fragmentProtocol)
    }
}
