using CsCheck;
using Luminarys.Invocations;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Core.Tests.Invocations;

public sealed class CallIdTests
{
    private const string LowerHexadecimal = "0123456789abcdef";
    private static readonly Gen<CallId> s_id = Gen.Guid.Select(value => new CallId(value));

    [Fact]
    public void New_IsVersion7_OfTheTime()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(0x0190F0E0D0C0));

        var id = CallId.New(time);

        Assert.StartsWith("0190f0e0d0c07", id.ToString(), StringComparison.Ordinal);
        Assert.Contains(id.ToString()[16], "89ab");
    }

    [Fact]
    public void New_ManyAtOneTime_AreAllDifferent_AndEveryFreeBitVaries()
    {
        var time = new FakeTimeProvider();

        var ids = Enumerable.Range(0, 10_000).Select(_ => CallId.New(time).Value.ToByteArray(bigEndian: true)).ToList();

        Assert.Equal(ids.Count, ids.Select(Convert.ToHexString).Distinct().Count());
        var varied = ids.Aggregate(new byte[CallId.Size], (bits, id) => [.. bits.Zip(id, (one, other) => (byte)(one | other))]);
        var common = ids.Aggregate((bits, id) => [.. bits.Zip(id, (one, other) => (byte)(one & other))]);
        Assert.Equal("0FFF3FFFFFFFFFFFFFFF", Convert.ToHexString([.. varied.Zip(common, (any, all) => (byte)(any & ~all)).Skip(6)]));
    }

    [Fact]
    public void TryParse_TextOfAnId_GivesItBack() => s_id.Sample(id => CallId.TryParse(id.ToString(), out var parsed) && parsed == id);

    [Fact]
    public void TryParse_AnyLowerHexadecimal32_GivesItsText() => IdTexts.Of(LowerHexadecimal, 32, 32).Sample(text =>
        CallId.TryParse(text, out var id) && id.ToString() == text);

    [Fact]
    public void TryParse_OneForeignCharacter_IsRefused() => IdTexts.WithForeignCharacter(LowerHexadecimal, 32).Sample(text =>
        !CallId.TryParse(text, out var id) && id == default);

    [Fact]
    public void TryParse_AnyOtherLength_IsRefused() =>
        IdTexts.Of(LowerHexadecimal, 0, 70).Where(text => text.Length != 32).Sample(text => !CallId.TryParse(text, out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0190F0E0D0C07B0A8900112233445566")]
    [InlineData(" 0190f0e0d0c07b0a8900112233445566")]
    [InlineData("0190f0e0d0c07b0a8900112233445566\n")]
    [InlineData("0190f0e0-d0c0-7b0a-8900-112233445566")]
    [InlineData("{0190f0e0d0c07b0a8900112233445566}")]
    public void TryParse_OtherFormsOfTheSameNumber_AreRefused(string? text)
    {
        Assert.False(CallId.TryParse(text, out var id));
        Assert.Equal(default, id);
    }

    [Fact]
    public void TryRead_WrittenId_GivesItBack() => s_id.Sample(id =>
    {
        var bytes = new byte[CallId.Size];
        id.Write(bytes);
        return CallId.TryRead(bytes, out var read) && read == id && Convert.ToHexStringLower(bytes) == id.ToString();
    });

    [Fact]
    public void TryRead_AnyOtherLength_IsRefused() =>
        Gen.Byte.Array[0, 40].Where(bytes => bytes.Length != CallId.Size).Sample(bytes => !CallId.TryRead(bytes, out var id) && id == default);

    [Fact]
    public void Write_TooSmallDestination_Throws() =>
        Assert.Throws<ArgumentException>(() => default(CallId).Write(new byte[CallId.Size - 1]));

    [Fact]
    public void New_LaterMillisecond_OrdersAfterAsTextAndAsBytes() =>
        Gen.Select(Gen.Long[0, 10_000_000_000_000], Gen.Int[1, 1_000_000]).Sample((milliseconds, step) =>
        {
            var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
            var first = CallId.New(time);
            time.Advance(TimeSpan.FromMilliseconds(step));
            var second = CallId.New(time);
            return string.CompareOrdinal(first.ToString(), second.ToString()) < 0 && Bytes(first).AsSpan().SequenceCompareTo(Bytes(second)) < 0;
        });

    [Fact]
    public void New_KnownTime_StartsWithTheTimeAndIsVersion7()
    {
        var text = CallId.New(new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(0x0190_0102_0304))).ToString();
        Assert.StartsWith("019001020304", text, StringComparison.Ordinal);
        Assert.Equal('7', text[12]);
    }

    [Fact]
    public void New_SameMillisecond_NeverRepeats()
    {
        var time = new FakeTimeProvider();
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => CallId.New(time)).Distinct().Count());
    }

    [Fact]
    public void New_NoClock_Throws() => Assert.Throws<ArgumentNullException>(() => CallId.New(null!));

    private static byte[] Bytes(CallId id)
    {
        var bytes = new byte[CallId.Size];
        id.Write(bytes);
        return bytes;
    }
}
