using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Permissions;

namespace Luminarys.Runtime.Wasm.Tests.Conformance;

/// <summary>Guests that attack the host: each attack must end in a typed error of that one call, and the next call must work.</summary>
public sealed class HostileGuestTests
{
    private const string BrokeProtocol = "the skill broke the protocol: ";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, InvocationError.SkillLimit, "the skill ran out of memory")]
    [InlineData(2, InvocationError.SkillTrap, BrokeProtocol + "skill_alloc answered a block outside of its memory")]
    [InlineData(5, InvocationError.SkillTrap, BrokeProtocol + "its allocator calls the host")]
    [InlineData(7, InvocationError.SkillTrap, "the skill trapped: unreachable instruction")]
    [InlineData(10, InvocationError.SkillTrap, BrokeProtocol + "a request to the host lies outside of its memory")]
    [InlineData(11, InvocationError.SkillTrap, BrokeProtocol + "a request to the host lies outside of its memory")]
    [InlineData(12, InvocationError.SkillTrap, BrokeProtocol + "a request to the host lies outside of its memory")]
    [InlineData(13, InvocationError.SkillTrap, BrokeProtocol + "a request to the host lies outside of its memory")]
    [InlineData(20, InvocationError.SkillTrap, BrokeProtocol + "its result lies outside of its memory")]
    [InlineData(21, InvocationError.SkillTrap, BrokeProtocol + "its result lies outside of its memory")]
    [InlineData(22, InvocationError.SkillTrap, BrokeProtocol + "its result lies outside of its memory")]
    [InlineData(23, InvocationError.PayloadTooLarge, "the skill's result has 16777217 bytes; 16777216 are allowed")]
    [InlineData(24, InvocationError.SkillError, "empty response")]
    [InlineData(32, InvocationError.SkillLimit, "the skill's stack overflowed")]
    public async Task S9_Attack_EndsInATypedErrorAndTheNextCallWorks(byte mode, InvocationError error, string message)
    {
        await using var harness = await StartAsync("hostile");

        var result = await harness.InvokeAsync("run", [mode]).WaitAsync(TimeSpan.FromSeconds(20), Token);
        var next = await harness.InvokeAsync("run", [0]);

        Assert.Equal((error, message), (result.Error, result.Message));
        Assert.True(next.IsSuccess, next.Message);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(30)]
    [InlineData(31)]
    public async Task S9_OddButHarmless_IsServed(byte mode)
    {
        await using var harness = await StartAsync("hostile");

        Assert.True((await harness.InvokeAsync("run", [mode]).WaitAsync(TimeSpan.FromSeconds(20), Token)).IsSuccess);
        Assert.True((await harness.InvokeAsync("run", [0])).IsSuccess);
    }

    [Fact]
    public async Task S8_EndlessFree_EndsAtTheDeadline()
    {
        await using var harness = await StartAsync(
            "hostile", manifest => manifest with { Limits = new SkillLimits(Timeout: TimeSpan.FromMilliseconds(100)) });

        var result = await harness.InvokeAsync("run", [6]).WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal(InvocationError.Deadline, result.Error);
        Assert.True((await harness.InvokeAsync("run", [0])).IsSuccess);
    }

    [Fact]
    public async Task S8_GiantTable_DoesNotLoad()
    {
        await using var harness = new RuntimeHarness();

        Assert.NotNull((await harness.LoadAsync("giant-table")).Error);
    }

    [Fact]
    public async Task S8_GrowingTable_IsStopped()
    {
        await using var harness = await StartAsync("growing-table");

        Assert.InRange(Convert.ToInt64(await harness.AskAsync("run"), null), 9_000, 100_000);
    }

    [Theory]
    [MemberData(nameof(BadMessages))]
    public async Task S9_MalformedRequestToTheHost_IsAnErrorOfTheFunction(string name, byte[] message)
    {
        await using var harness = await StartAsync("mirror");

        var answer = await MirrorAsync(harness, message, mode: 1);

        Assert.True(answer.AsSpan().IndexOf("error"u8) >= 0, $"{name}: {Encoding.UTF8.GetString(answer)}");
        Assert.True(answer.AsSpan().IndexOf("malformed request"u8) >= 0, $"{name}: {Encoding.UTF8.GetString(answer)}");
    }

    [Theory]
    [MemberData(nameof(BadMessages))]
    public async Task S9_MalformedResponse_IsAnErrorOfTheCall(string name, byte[] message)
    {
        await using var harness = await StartAsync("mirror");

        var result = await harness.InvokeAsync("run", Mirror(message, mode: 0));

        Assert.Equal(InvocationError.SkillError, result.Error);
        Assert.StartsWith("malformed response: ", result.Message, StringComparison.Ordinal);
        Assert.True(name.Length > 0 && (await harness.InvokeAsync("run", Mirror([0x80], mode: 0))).IsSuccess);
    }

    [Theory]
    [InlineData("81a36b6579a1ff")]
    [InlineData("81a36b6579ca3f800000")]
    [InlineData("81a36b6579c0")]
    [InlineData("81c403616263a14b")]
    [InlineData("8201020304")]
    [InlineData("82a36b6579a14ba36b6579a14c")]
    [InlineData("c0")]
    [InlineData("01")]
    [InlineData("90")]
    [InlineData("80")]
    [InlineData("")]
    public async Task S9_StrangeRequestToTheHost_IsAnswered(string message)
    {
        await using var harness = await StartAsync("mirror");

        Assert.Equal(0x81, (await MirrorAsync(harness, Convert.FromHexString(message), mode: 1))[0]);
        Assert.InRange((await MirrorAsync(harness, Convert.FromHexString(message), mode: 2))[0], 0x80, 0x81);
    }

    [Fact]
    public async Task S9_TextOfTheGuest_ComesOutAsValidText()
    {
        await using var harness = await StartAsync("mirror");
        byte[] error = [0x81, 0xa5, .. "error"u8, 0xa4, (byte)'a', 0xff, 0xc3, (byte)'b'];

        var result = await harness.InvokeAsync("run", Mirror(error, mode: 0));

        Assert.Equal("a\ufffd\ufffdb", result.Message);
    }

    [Fact]
    public async Task S8_FloodOfCommands_DoesNotHoldTheCallUp()
    {
        await using var harness = await StartAsync("mirror");
        byte[] command = [0x82, 0xa4, .. "type"u8, 0xa5, .. "spawn"u8, 0xa7, .. "payload"u8, 0x80];
        const int count = 100_000;
        byte[] head = [0x82, 0xa5, .. "state"u8, 0xc4, 0x01, 0x07, 0xa8, .. "commands"u8, 0xdd, 0x00, 0x01, 0x86, 0xa0];
        var message = new byte[head.Length + (count * command.Length)];
        head.CopyTo(message, 0);
        for (var i = 0; i < count; i++)
        {
            command.CopyTo(message, head.Length + (i * command.Length));
        }

        await harness.InvokeAsync("run", Mirror(message, mode: 0)).WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.True((await harness.InvokeAsync("run", Mirror([0x80], mode: 0))).IsSuccess);
    }

    public static TheoryData<string, byte[]> BadMessages() => new()
    {
        { "nested too deeply", [.. Enumerable.Repeat((byte)0x91, 100_000)] },
        { "a million maps", [.. Enumerable.Repeat((byte)0x81, 1_000_000)] },
        { "array of 4 G elements", [0xdd, 0xff, 0xff, 0xff, 0xff] },
        { "map of 4 G pairs", [0xdf, 0xff, 0xff, 0xff, 0xff] },
        { "map of 2 G pairs", [0xdf, 0x80, 0x00, 0x00, 0x00] },
        { "text of 4 GB", [0x81, 0xa3, .. "key"u8, 0xdb, 0xff, 0xff, 0xff, 0xff] },
        { "bytes of 2 GB", [0x81, 0xa3, .. "key"u8, 0xc6, 0x7f, 0xff, 0xff, 0xff] },
        { "extension of 4 GB", [0xc9, 0xff, 0xff, 0xff, 0xff, 0x01] },
        { "timestamp", [0x81, 0xa3, .. "key"u8, 0xd6, 0xff, 0x00, 0x00, 0x00, 0x00] },
        { "typeless extension", [0x81, 0xa3, .. "key"u8, 0xc7, 0x01, 0x64, 0xc0] },
        { "unused code", [0xc1] },
        { "cut off", [0x81, 0xa3, .. "ke"u8] },
        { "bytes after the end", [0x80, 0x80] },
    };

    private static byte[] Mirror(byte[] bytes, byte mode)
    {
        var payload = new byte[bytes.Length + 5];
        bytes.CopyTo(payload, 0);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(bytes.Length), bytes.Length);
        payload[^1] = mode;
        return payload;
    }

    private static async Task<byte[]> MirrorAsync(RuntimeHarness harness, byte[] bytes, byte mode)
    {
        var result = await harness.InvokeAsync("run", Mirror(bytes, mode));
        Assert.True(result.IsSuccess, result.Message);
        return result.Payload.ToArray();
    }

    private static Task<RuntimeHarness> StartAsync(string asset, Func<Manifest, Manifest>? manifest = null) => RuntimeHarness.StartAsync(asset, manifest: named =>
    {
        var granted = named with { Permissions = PermissionSet.None with { Environment = ImmutableDictionary<string, string>.Empty.Add("K", "v") } };
        return manifest?.Invoke(granted) ?? granted;
    });
}
