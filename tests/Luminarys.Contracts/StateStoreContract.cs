using System.Text;
using Luminarys.Ports;
using Luminarys.Skills;
using Luminarys.State;
using Xunit;

namespace Luminarys.Contracts;

/// <summary>What every <see cref="IStateStore"/> promises. An adapter's tests inherit it and open a store that is empty.</summary>
public abstract class StateStoreContract : IAsyncLifetime
{
    private static readonly StateKey s_key = new(new("skill"), new("com.example.one"));
    private static readonly DateTimeOffset s_noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.FromHours(3));

    private IStateStore? _store;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected IStateStore Store => _store ?? throw new InvalidOperationException("The store is not open.");

    /// <summary>Opens a store that nobody else uses.</summary>
    protected abstract IStateStore Open();

    public virtual ValueTask InitializeAsync()
    {
        _store = Open();
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Store.DisposeAsync();
    }

    [Fact]
    public async Task FindStateAsync_NothingSaved_IsEmpty() => Assert.True((await Store.FindStateAsync(s_key, Token)).IsEmpty);

    [Fact]
    public async Task SaveMarkAsync_Twice_KeepsTheLastOfEachName()
    {
        Assert.Null(await Store.FindMarkAsync("a", Token));

        await Store.SaveMarkAsync("a", "1", Token);
        await Store.SaveMarkAsync("a", "2", Token);
        await Store.SaveMarkAsync("b", "3", Token);

        Assert.Equal("2", await Store.FindMarkAsync("a", Token));
        Assert.Equal("3", await Store.FindMarkAsync("b", Token));
    }

    [Fact]
    public async Task SaveStateAsync_Twice_KeepsTheLast()
    {
        await Store.SaveStateAsync(s_key, Bytes("first"), Token);
        await Store.SaveStateAsync(s_key, Bytes("last"), Token);

        Assert.Equal("last", Text(await Store.FindStateAsync(s_key, Token)));
    }

    [Fact]
    public async Task SaveStateAsync_BufferChangedAfterwards_KeepsWhatWasSaved()
    {
        var buffer = Bytes("saved");

        await Store.SaveStateAsync(s_key, buffer, Token);
        buffer.AsSpan().Clear();

        Assert.Equal("saved", Text(await Store.FindStateAsync(s_key, Token)));
    }

    [Fact]
    public async Task SaveStateAsync_OtherPackageOrSkill_IsAnotherState()
    {
        await Store.SaveStateAsync(s_key, Bytes("one"), Token);
        await Store.SaveStateAsync(s_key with { Package = new("com.example.two") }, Bytes("two"), Token);
        await Store.SaveStateAsync(s_key with { Skill = new("Skill") }, Bytes("three"), Token);

        Assert.Equal("one", Text(await Store.FindStateAsync(s_key, Token)));
        Assert.Equal("two", Text(await Store.FindStateAsync(s_key with { Package = new("com.example.two") }, Token)));
        Assert.Equal("three", Text(await Store.FindStateAsync(s_key with { Skill = new("Skill") }, Token)));
        Assert.True((await Store.FindStateAsync(s_key with { Package = default }, Token)).IsEmpty);
    }

    [Fact]
    public async Task SaveStateAsync_AnyBytes_ComeBack()
    {
        var state = new byte[300_000];
        new Random(1).NextBytes(state);

        await Store.SaveStateAsync(s_key, state, Token);

        Assert.Equal(state, (await Store.FindStateAsync(s_key, Token)).ToArray());
    }

    [Fact]
    public async Task SaveStateAsync_ManyAtOnce_KeepsOneOfThem()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Store.SaveStateAsync(s_key, Bytes($"{i}"), Token).AsTask()));

        Assert.InRange(int.Parse(Text(await Store.FindStateAsync(s_key, Token)), null), 0, 49);
    }

    [Fact]
    public async Task FindValueAsync_NothingSaved_IsNull() => Assert.Null(await Store.FindValueAsync(new("", "key"), Token));

    [Fact]
    public async Task SaveValueAsync_EmptyValue_IsThere()
    {
        Assert.True(await Store.SaveValueAsync(new("", "key"), default, 100, Token));

        Assert.Equal("", Text((await Store.FindValueAsync(new("", "key"), Token))!.Value));
    }

    [Fact]
    public async Task SaveValueAsync_SameKeyInTwoScopes_AreTwoValues()
    {
        await Store.SaveValueAsync(new("", "key"), Bytes("shared"), 100, Token);
        await Store.SaveValueAsync(new("skill", "key"), Bytes("own"), 100, Token);

        Assert.Equal("shared", Text((await Store.FindValueAsync(new("", "key"), Token))!.Value));
        Assert.Equal("own", Text((await Store.FindValueAsync(new("skill", "key"), Token))!.Value));
        Assert.Null(await Store.FindValueAsync(new("skill", "KEY"), Token));
    }

    [Fact]
    public async Task SaveValueAsync_UpToTheLimit_IsSavedAndOneMoreByteIsNot()
    {
        Assert.True(await Store.SaveValueAsync(new("s", "a"), new byte[49], 100, Token));
        Assert.True(await Store.SaveValueAsync(new("s", "b"), new byte[49], 100, Token));

        Assert.False(await Store.SaveValueAsync(new("s", "c"), default, 100, Token));
        Assert.False(await Store.SaveValueAsync(new("s", "b"), new byte[50], 100, Token));

        Assert.Null(await Store.FindValueAsync(new("s", "c"), Token));
        Assert.Equal(49, (await Store.FindValueAsync(new("s", "b"), Token))!.Value.Length);
    }

    [Fact]
    public async Task SaveValueAsync_Replaced_CountsOnce()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await Store.SaveValueAsync(new("s", "key"), new byte[97], 100, Token));
        }
    }

    [Fact]
    public async Task SaveValueAsync_KeyOutsideAscii_CountsItsBytes()
    {
        Assert.False(await Store.SaveValueAsync(new("s", "üü"), new byte[1], 4, Token));
        Assert.True(await Store.SaveValueAsync(new("s", "üü"), default, 4, Token));
    }

    [Fact]
    public async Task SaveValueAsync_OtherScopeIsFull_IsSaved()
    {
        await Store.SaveValueAsync(new("s", "a"), new byte[99], 100, Token);

        Assert.True(await Store.SaveValueAsync(new("t", "a"), new byte[99], 100, Token));
    }

    [Fact]
    public async Task ReadSchedulesAsync_Several_AnswersTheEarliestFirst()
    {
        var late = Due(3, "late");
        var early = Due(1, "early");
        var middle = Due(2, "middle");
        foreach (var schedule in (Schedule[])[late, early, middle, Due(0, "other", "other")])
        {
            await Store.AddScheduleAsync(schedule, Token);
        }

        var read = await Store.ReadSchedulesAsync(new("skill"), Token);

        Assert.Equal(["early", "middle", "late"], read.Select(schedule => schedule.Method));
        Assert.Equal([early.Id, middle.Id, late.Id], read.Select(schedule => schedule.Id));
        Assert.Equal(early.Due, read[0].Due);
        Assert.Equal("early", Text(read[0].Payload));
        Assert.Equal(new SkillId("skill"), read[0].Skill);
    }

    [Fact]
    public async Task ReadSchedulesAsync_SameInstant_AnswersInTheOrderOfIds()
    {
        var schedules = Enumerable.Range(0, 20).Select(i => Due(1, "same")).ToArray();
        foreach (var schedule in schedules)
        {
            await Store.AddScheduleAsync(schedule, Token);
        }

        Assert.Equal(schedules.Select(schedule => schedule.Id).Order(), (await Store.ReadSchedulesAsync(new("skill"), Token)).Select(schedule => schedule.Id));
    }

    [Fact]
    public async Task RemoveScheduleAsync_Twice_IsThereOnce()
    {
        var schedule = Due(1, "method");
        await Store.AddScheduleAsync(schedule, Token);

        Assert.True(await Store.RemoveScheduleAsync(schedule.Id, Token));
        Assert.False(await Store.RemoveScheduleAsync(schedule.Id, Token));
        Assert.Empty(await Store.ReadSchedulesAsync(new("skill"), Token));
    }

    [Fact]
    public async Task KeepSchedulesOfAsync_SomeSkills_RemovesTheOthers()
    {
        await Store.AddScheduleAsync(Due(1, "a", "kept"), Token);
        await Store.AddScheduleAsync(Due(1, "a", "gone"), Token);

        await Store.KeepSchedulesOfAsync([new("kept"), new("new")], Token);

        Assert.Single(await Store.ReadSchedulesAsync(new("kept"), Token));
        Assert.Empty(await Store.ReadSchedulesAsync(new("gone"), Token));
    }

    [Fact]
    public async Task KeepSchedulesOfAsync_NoSkill_RemovesAll()
    {
        await Store.AddScheduleAsync(Due(1, "a"), Token);

        await Store.KeepSchedulesOfAsync([], Token);

        Assert.Empty(await Store.ReadSchedulesAsync(new("skill"), Token));
    }

    protected static Schedule Due(int hours, string method, string skill = "skill") =>
        new(Guid.NewGuid(), new(skill), method, Bytes(method), s_noon.AddHours(hours));

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
