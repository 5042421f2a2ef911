using CsCheck;
using Luminarys.Nodes;

namespace Luminarys.Core.Tests.Nodes;

public sealed class NodeIdTests
{
    private const int MaxLength = 63;
    private static readonly Gen<string> s_valid = IdTexts.Of(IdTexts.LettersDigitsUnderscoreHyphen, 1, MaxLength);
    private static readonly Gen<string> s_foreign = IdTexts.WithForeignCharacter(IdTexts.LettersDigitsUnderscoreHyphen, MaxLength);

    [Fact]
    public void TryParse_TextOfTheAlphabet_GivesItBack() => s_valid.Sample(text =>
        NodeId.TryParse(text, out var id)
        && id.Value == text
        && id.ToString() == text
        && id == new NodeId(text)
        && id.GetHashCode() == new NodeId(text).GetHashCode());

    [Fact]
    public void TryParse_OneForeignCharacter_IsRefused() => s_foreign.Sample(text =>
        !NodeId.TryParse(text, out var id) && id == default);

    [Fact]
    public void Constructor_OneForeignCharacter_Throws() => s_foreign.Sample(text =>
    {
        Assert.Throws<FormatException>(() => new NodeId(text));
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a.b")]
    [InlineData("a*")]
    [InlineData(">")]
    [InlineData("a b")]
    [InlineData("knoten-ä")]
    [InlineData("node\n")]
    public void TryParse_KnownBadText_IsRefused(string? text)
    {
        Assert.False(NodeId.TryParse(text, out _));
        Assert.Throws<FormatException>(() => new NodeId(text!));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(MaxLength, true)]
    [InlineData(MaxLength + 1, false)]
    public void TryParse_Length_IsBounded(int length, bool accepted) =>
        Assert.Equal(accepted, NodeId.TryParse(new string('n', length), out _));

    [Fact]
    public void Equality_OtherCase_IsAnotherId() => Assert.NotEqual(new NodeId("Master"), new NodeId("master"));

    [Fact]
    public void Default_AsText_IsEmpty()
    {
        Assert.Equal("", default(NodeId).Value);
        Assert.Equal("", default(NodeId).ToString());
        Assert.NotEqual(new NodeId("x"), default);
    }

    [Fact]
    public void Constructor_BadText_SaysWhatIsAllowed()
    {
        var exception = Assert.Throws<FormatException>(() => new NodeId("a.b"));
        Assert.Contains("'a.b'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("1 to 63 letters, digits, '_' or '-'", exception.Message, StringComparison.Ordinal);
    }
}
