using System.Security.Cryptography;
using Luminarys.Cluster.Messaging.Payloads;
using Luminarys.Cluster.Protocol;

namespace Luminarys.Cluster.Tests.Messaging.Payloads;

/// <summary>The reader's side of one payload, message by message.</summary>
public sealed class IncomingPayloadTests
{
    private const int PartSize = 1024;
    private readonly byte[] _payload = RandomNumberGenerator.GetBytes((20 * PartSize) + 7);
    private readonly PayloadClaim _claim;

    public IncomingPayloadTests() => _claim = new(default, _payload.Length, PartSize, SHA256.HashData(_payload));

    [Fact]
    public void Begin_AsksForOneWindow_OrForWhatThereIs()
    {
        Assert.Equal(new(0, 8), Incoming().Begin(At(0)));
        Assert.Equal(new(0, 2), new IncomingPayload(_claim with { Length = PartSize + 1 }, ClusterDefences.All).Begin(At(0)));
    }

    [Fact]
    public void Take_AsksForMore_WhenHalfOfTheWindowIsThere()
    {
        var incoming = Incoming();
        incoming.Begin(At(0));

        var asked = Enumerable.Range(0, 8).Select(index => incoming.Take(Part(index), At(0), out _)).ToArray();

        Assert.Equal([null, null, null, new(8, 4), null, null, null, new(12, 4)], asked);
    }

    [Fact]
    public void C7_Take_PartsInAnyOrder_GiveThePayload()
    {
        var incoming = Incoming();
        var wanted = new Queue<MoreMessage>([incoming.Begin(At(0))]);
        while (wanted.TryDequeue(out var more))
        {
            foreach (var index in Enumerable.Range(more.First, more.Count).Reverse())
            {
                if (incoming.Take(Part(index), At(0), out var isTaken) is { } next)
                {
                    wanted.Enqueue(next);
                }

                Assert.True(isTaken);
            }
        }

        Assert.True(incoming.IsComplete);
        Assert.Equal(_payload, incoming.Finish().Bytes.ToArray());
    }

    [Fact]
    public void Take_WhatNobodyAskedFor_WhatCameBefore_AndWrongSizes_ChangeNothing()
    {
        var incoming = Incoming();
        incoming.Begin(At(0));
        incoming.Take(Part(0), At(0), out var isTaken);
        Assert.True(isTaken);

        foreach (var part in new[] { Part(0), Part(8), new(21, new byte[1]), new(int.MaxValue, new byte[1]), new(1, new byte[PartSize - 1]), new(1, new byte[PartSize + 1]) })
        {
            Assert.Null(incoming.Take(part, At(0), out isTaken));
            Assert.False(isTaken);
        }
    }

    [Fact]
    public void Advance_AsksAgainForWhatDidNotCome_EachSecond_AndGivesUpAfterFifteen()
    {
        var incoming = Incoming();
        incoming.Begin(At(0));
        incoming.Take(Part(0), At(0.5), out _);
        incoming.Take(Part(2), At(0.5), out _);

        Assert.Null(incoming.Advance(At(1.4), out var isGivenUp));
        Assert.Equal(new(1, 8), incoming.Advance(At(1.5), out isGivenUp));
        Assert.Null(incoming.Advance(At(2.4), out isGivenUp));
        Assert.Equal(new(1, 8), incoming.Advance(At(2.5), out isGivenUp));
        Assert.False(isGivenUp);
        incoming.Advance(At(15.4), out isGivenUp);
        Assert.False(isGivenUp);
        Assert.Null(incoming.Advance(At(15.5), out isGivenUp));
        Assert.True(isGivenUp);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void C7_AlteredPart_IsFoundAtTheEnd(bool isDefended)
    {
        var incoming = new IncomingPayload(_claim with { Length = PartSize }, ClusterDefences.All with { PayloadHashes = isDefended });
        incoming.Begin(At(0));
        var altered = _payload[..PartSize];
        altered[3] ^= 1;

        incoming.Take(new(0, altered), At(0), out _);

        Assert.True(incoming.IsComplete);
        Assert.Equal(isDefended, incoming.Finish().Fault is not null);
    }

    // Every message of the two machines may be lost, doubled or overtaken: the payload comes through, and comes through right.
    [Fact]
    public void C7_LossRepetitionAndReordering_AreOvercome()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var payload = new byte[random.Next(1, 60 * PartSize)];
            random.NextBytes(payload);
            var claim = new PayloadClaim(default, payload.Length, PartSize, SHA256.HashData(payload));
            var (incoming, held) = (new IncomingPayload(claim, ClusterDefences.All), new HeldPayload(default, claim, payload));
            List<object> wire = [incoming.Begin(At(0))];
            for (var step = 0; !incoming.IsComplete; step++)
            {
                Assert.True(step < 10_000, $"seed {seed}: nothing comes of it");
                var now = At(step * 0.05);
                if (incoming.Advance(now, out var isGivenUp) is { } again)
                {
                    wire.Add(again);
                }

                Assert.False(isGivenUp, $"seed {seed}");
                Deliver(wire, random, incoming, held, now);
            }

            Assert.True(incoming.Finish().Bytes.Span.SequenceEqual(payload), $"seed {seed}");
        }
    }

    private static void Deliver(List<object> wire, Random random, IncomingPayload incoming, HeldPayload held, TimeSpan now)
    {
        if (wire.Count == 0)
        {
            return;
        }

        var at = random.Next(wire.Count);
        var message = wire[at];
        if (random.Next(10) > 0)
        {
            wire.RemoveAt(at);
        }

        if (random.Next(5) == 0)
        {
            return;
        }

        if (message is PartMessage part)
        {
            if (incoming.Take(part, now, out _) is { } more)
            {
                wire.Add(more);
            }
        }
        else if (held.TryAsk((MoreMessage)message))
        {
            while (held.TryNext(out var more))
            {
                wire.AddRange(Enumerable.Range(more.First, more.Count).Select(held.Part));
            }
        }
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private IncomingPayload Incoming() => new(_claim, ClusterDefences.All);

    private PartMessage Part(int index) => new(index, _payload.AsMemory(index * PartSize, _claim.SizeOf(index)));
}
