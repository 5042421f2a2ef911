using CsCheck;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Tests.Protocol;

public sealed class BundleTests
{
    [Fact]
    public void TryRead_GivesBackWhatWasWritten()
    {
        (CallId, byte[])[] messages = [.. Enumerable.Range(0, Bundle.MaxMessages).Select(size => (CallId.New(TimeProvider.System), new byte[size * 10]))];

        Assert.True(Bundle.TryRead(Written(messages), out var read));

        Assert.Equal(messages.Select(message => (message.Item1, message.Item2.Length)), read.Select(message => (message.Id, message.Bytes.Length)));
    }

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("90", "no message")]
    [InlineData("91c41000000000000070008000000000000001", "an id without a message")]
    [InlineData("92c4100000000000000000000000000000", "cut off")]
    [InlineData("92c41000000000000070008000000000000001c0", "null for a message")]
    [InlineData("92c41000000000000070008000000000000001c40100c0", "bytes behind it")]
    [InlineData("dd7fffffff", "more than can be")]
    [InlineData("81a16101", "a map")]
    public void TryRead_SomethingElse_IsRefused(string hex, string what) => Assert.False(Bundle.TryRead(Convert.FromHexString(hex), out _), what);

    [Fact]
    public void TryRead_TooManyMessages_IsRefused() =>
        Assert.False(Bundle.TryRead(Written([.. Enumerable.Repeat((CallId.New(TimeProvider.System), new byte[1]), Bundle.MaxMessages + 1)]), out _));

    [Fact]
    public void TryRead_DamagedAnywhere_NeverThrows()
    {
        var whole = Written([(CallId.New(TimeProvider.System), new byte[20]), (CallId.New(TimeProvider.System), new byte[300])]);
        Gen.Select(Gen.Int[0, whole.Length - 1].Select(Gen.Byte).List[1, 4], Gen.Int[0, whole.Length]).Sample((edits, length) =>
        {
            var damaged = whole.ToArray();
            edits.ForEach(edit => damaged[edit.Item1] = edit.Item2);

            Assert.True(!Bundle.TryRead(damaged.AsMemory(0, length), out var read) || read.Length is >= 1 and <= Bundle.MaxMessages);
        }, iter: 20_000);
    }

    private static byte[] Written(IReadOnlyList<(CallId, byte[])> messages)
    {
        using var buffer = new PooledBuffer();
        Bundle.Write(buffer, [.. messages.Select(message => (message.Item1, (ReadOnlyMemory<byte>)message.Item2))]);
        return buffer.Written.ToArray();
    }
}
