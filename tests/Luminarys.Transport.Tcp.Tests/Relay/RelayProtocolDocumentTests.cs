using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Luminarys.Nodes;
using Luminarys.Transfers;
using Luminarys.Transport.Tcp.Relay;

namespace Luminarys.Transport.Tcp.Tests.Relay;

/// <summary>The examples of the protocol's description, which another program made, are what the relay and its clients say.</summary>
public sealed partial class RelayProtocolDocumentTests
{
    private static readonly Dictionary<string, byte[]> s_examples = Read();
    private static readonly byte[] s_clientNonce = [.. Enumerable.Repeat((byte)0x11, RelayWire.NonceSize)];
    private static readonly byte[] s_relayNonce = [.. Enumerable.Repeat((byte)0x22, RelayWire.NonceSize)];
    private static readonly RelayKeys s_keys = new(RelayKey.OfSecret("an example secret"), []);

    [Fact]
    public void Ticket_IsTheOneThatTheTextSays()
    {
        Assert.True(s_keys.TryOpen(s_examples["ticket"], out var ticket));

        Assert.Equal(
            new(RelayTicket.DigestOf(new("prod")), UInt128.Parse("00112233445566778899aabbccddeeff", System.Globalization.NumberStyles.HexNumber, null), 1, TransferRole.Source, new NodeId("slave-1"))
            {
                MaxBytes = 1_075_536,
                NotAfter = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000),
            },
            ticket);
        Assert.Equal(s_examples["join key"], s_keys.JoinKeyOf(s_examples["ticket"]));
    }

    [Fact]
    public async Task Messages_AreThoseOfTheText()
    {
        var joinKey = s_keys.JoinKeyOf(s_examples["ticket"]);

        await IsAsync("HELLO", RelayMessageType.Hello, [.. RelayWire.Magic, .. s_examples["ticket"], .. s_clientNonce]);
        await IsAsync("CHALLENGE", RelayMessageType.Challenge, [.. s_relayNonce, .. RelayProofs.OfRelay(joinKey, s_clientNonce, s_relayNonce)]);
        await IsAsync("PROOF", RelayMessageType.Proof, RelayProofs.OfClient(joinKey, TransferRole.Source, s_relayNonce, s_clientNonce));
        await IsAsync("WAITING", RelayMessageType.Waiting, [0, 30]);
        await IsAsync("PAIRED", RelayMessageType.Paired, [(byte)TransferRole.Sink]);
        await IsAsync("REJECT", RelayMessageType.Reject, [(byte)RelayRejection.Denied]);
    }

    private static async Task IsAsync(string name, RelayMessageType type, byte[] body)
    {
        using var stream = new MemoryStream();
        await RelayWire.WriteAsync(stream, type, body, TestContext.Current.CancellationToken);
        Assert.Equal(Convert.ToHexStringLower(s_examples[name]), Convert.ToHexStringLower(stream.ToArray()));
    }

    private static Dictionary<string, byte[]> Read([CallerFilePath] string file = "") => Row()
        .Matches(File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "docs", "reference", "relay-protocol.md")))
        .ToDictionary(row => row.Groups[1].Value, row => Convert.FromHexString(row.Groups[2].Value));

    [GeneratedRegex(@"^\| ([A-Za-z ]+) \| `([0-9a-f]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
