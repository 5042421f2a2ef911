using MessagePack;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Archives;

/// <summary>The bytes that the SDKs for AssemblyScript, Go and Rust send, and the bytes they get.</summary>
public sealed class ArchiveGoldenTests
{
    public static TheoryData<string, char> Goldens =>
        [.. from function in (string[])["archive_pack", "archive_unpack", "archive_list"] from sdk in "agr" select (function, sdk)];

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Function_RequestOfAnSdk_AnswersTheGoldenBytes(string function, char sdk)
    {
        var golden = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "assets", "golden", $"{function}.{sdk}.txt"));
        using var harness = new ArchiveHarness()
            .Write("data/a.tgz", new TarBytes().File("a.txt", "hello\n").Directory("d/").File("d/b.txt", "two").Gzip())
            .Write("data/p/a.txt", "hello\n").Write("data/p/d/b.txt", "two").Write("data/p/d/b.log").Write("data/p/.git/config");

        var answer = harness.AskRooted(function, Convert.FromHexString(Line("request ")));

        Assert.Equal(Line("answer "), Convert.ToHexStringLower(answer));
        Assert.DoesNotContain(MessagePackCode.Nil, answer);
        string Line(string word) => golden.Single(line => line.StartsWith(word, StringComparison.Ordinal))[word.Length..];
    }
}
