namespace Luminarys.Samples;

/// <summary>A sample is a folder to copy, so that three of them carry one file.</summary>
public sealed class WordsTests
{
    [Theory]
    [InlineData("go-toolchain")]
    [InlineData("python-toolchain")]
    public void Words_OfTheSamplesThatRunPrograms_AreTheSame(string sample) =>
        Assert.Equal(File.ReadAllText(new Sample("git").File("assembly/words.ts")), File.ReadAllText(new Sample(sample).File("assembly/words.ts")));
}
