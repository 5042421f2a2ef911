using System.Globalization;

namespace Luminarys.Files.Tests.Races;

/// <summary>Acts while two threads exchange directories with links that lead out.</summary>
public sealed class RaceTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Acts => ["read", "write", "list", "delete", "mkdir", "chmod", "walk", "create-tree"];

    private static TimeSpan Time => TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("LUMINARYS_RACE_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 3);

    [Theory]
    [MemberData(nameof(Acts))]
    public void S1_WhileDirectoriesAndLinksChangePlaces_NothingLeaks(string act) => AssertHolds(new(), act, Time);

    [Theory]
    [MemberData(nameof(Acts))]
    public void S1_SegmentBySegment_WhileDirectoriesAndLinksChangePlaces_NothingLeaks(string act) =>
        AssertHolds(new(usesKernel: false), act, Time / 6);

    [Theory]
    [InlineData("read")]
    [InlineData("list")]
    [InlineData("write")]
    [InlineData("delete")]
    [InlineData("mkdir")]
    [InlineData("chmod")]
    public void S1_CheckedPathUsedLater_LeaksInTheSamePlace(string act)
    {
        using var ground = new RaceGround();

        Assert.True(ground.Leaks(NaiveActs.Of(act), s_deadline), $"No leak in {ground.Tries} tries: the race is no race.");

        output.WriteLine($"{act} leaked at try {ground.Tries}");
    }

    [Theory]
    [InlineData("read")]
    [InlineData("write")]
    [InlineData("list")]
    [InlineData("delete")]
    [InlineData("walk")]
    public void S1_EitherWallAlone_Holds(string act)
    {
        AssertHolds(new(defences: FileDefences.All with { Beneath = false }), act, Time / 6);
        AssertHolds(new(defences: FileDefences.All with { RealPath = false }), act, Time / 6);
    }

    [Theory]
    [MemberData(nameof(Acts))]
    public void S1_BothWallsDown_Leaks(string act)
    {
        using var ground = new RaceGround(defences: FileDefences.All with { Beneath = false, RealPath = false, NoFollow = false });

        Assert.True(ground.Leaks(GuardedActs.Of(act), s_deadline), $"No leak in {ground.Tries} tries: the walls hold nothing back.");
    }

    private void AssertHolds(RaceGround ground, string act, TimeSpan time)
    {
        using (ground)
        {
            Assert.False(ground.Leaks(GuardedActs.Of(act), time), $"Leaked at try {ground.Tries}.");
            Assert.True(ground.Done > 0, $"None of {ground.Tries} tries succeeded: nothing was tested.");
            Assert.Empty(ground.Leftovers());
            output.WriteLine($"{act}: {ground.Tries} tries, {ground.Done} done, 0 leaks");
        }
    }
}
