using CsCheck;
using Luminarys.Skills;

namespace Luminarys.Core.Tests.Skills;

public sealed class SkillIdTests
{
    private const int MaxLength = 64;

    private static readonly Gen<string> s_valid =
        Gen.Select(Gen.Char[IdTexts.Letters], IdTexts.Of(IdTexts.LettersDigitsHyphen, 0, MaxLength - 1)).Select((first, rest) => first + rest);

    private static readonly Gen<string> s_foreign =
        Gen.Select(Gen.Char[IdTexts.Letters], IdTexts.WithForeignCharacter(IdTexts.LettersDigitsHyphen, MaxLength - 1))
            .Select((first, rest) => first + rest);

    [Fact]
    public void TryParse_TextOfTheAlphabet_GivesItBack() => s_valid.Sample(text =>
        SkillId.TryParse(text, out var id)
        && id.Value == text
        && id.ToString() == text
        && id == new SkillId(text)
        && id.GetHashCode() == new SkillId(text).GetHashCode());

    [Fact]
    public void TryParse_OneForeignCharacter_IsRefused() => s_foreign.Sample(text =>
        !SkillId.TryParse(text, out var id) && id == default);

    [Fact]
    public void TryParse_FirstCharacterNotALetter_IsRefused() => s_valid.Sample(text =>
        !SkillId.TryParse("0" + text[1..], out _) && !SkillId.TryParse("-" + text[1..], out _) && !SkillId.TryParse("é" + text[1..], out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("echo_skill")]
    [InlineData("echo skill")]
    [InlineData("echo/skill")]
    [InlineData("ai.example.echo")]
    [InlineData("1echo")]
    [InlineData("-echo")]
    public void TryParse_KnownBadText_IsRefused(string? text)
    {
        Assert.False(SkillId.TryParse(text, out _));
        Assert.Throws<FormatException>(() => new SkillId(text!));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(MaxLength, true)]
    [InlineData(MaxLength + 1, false)]
    public void TryParse_Length_IsBounded(int length, bool accepted) =>
        Assert.Equal(accepted, SkillId.TryParse(new string('s', length), out _));

    [Fact]
    public void Default_AsText_IsEmpty()
    {
        Assert.Equal("", default(SkillId).Value);
        Assert.Equal("", default(SkillId).ToString());
    }

    [Fact]
    public void Constructor_BadText_SaysWhatIsAllowed()
    {
        var exception = Assert.Throws<FormatException>(() => new SkillId("1x"));
        Assert.Contains("'1x'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("a letter, then up to 63 letters, digits or '-'", exception.Message, StringComparison.Ordinal);
    }
}
