using System.Text;
using System.Text.Json;
using MessagePack;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Files;

/// <summary>The bytes that each SDK sends, and those that it must get.</summary>
public sealed class FileGoldenTests
{
    private static readonly string[] s_functions =
    [
        "fs_read", "fs_write", "fs_create", "fs_delete", "fs_mkdir", "fs_ls", "fs_chmod", "fs_read_lines", "fs_grep", "fs_glob", "fs_allowed_dirs",
        "fs_copy", "disk_usage",
    ];

    public static TheoryData<string> Goldens => [.. s_functions.SelectMany(_ => "agr", (function, variant) => $"{function}.{variant}")];

    /// <summary>The requests of all golden files.</summary>
    public static IEnumerable<(string Function, byte[] Request)> Requests =>
        from name in Goldens.Select(row => row.Data)
        from line in LinesOf(name)
        where line.Kind == "request"
        select (name[..^2], Convert.FromHexString(line.Text));

    [Theory]
    [MemberData(nameof(Goldens))]
    public async Task Function_BytesOfAnSdk_AnswersTheBytesThatItReads(string name)
    {
        await using var stage = new FileStage();
        Fill(stage);
        byte[] answer = [];
        var compared = 0;
        foreach (var (kind, text) in LinesOf(name))
        {
            switch (kind)
            {
                case "request":
                    answer = stage.Send(name[..^2], Convert.FromHexString(Move(text, FileStage.GoldenRoot, stage.Root)));
                    break;
                case "answer":
                    Assert.Equal(text, Move(Convert.ToHexStringLower(answer), stage.Root, FileStage.GoldenRoot));
                    compared++;
                    break;
                default:
                    AssertTypes(JsonDocument.Parse(text).RootElement, answer);
                    compared++;
                    break;
            }
        }

        Assert.NotEqual(0, compared);
    }

    private static void Fill(FileStage stage)
    {
        stage.With("a.txt", "hello\n").With("empty").With("lines", "a\nb\nc\nd\n").With("trash/x/y").With("src/a/b.go", "x\n// TODO: x\n");
        stage.With("list/a.txt", "hello\n").WithDirectory("list/sub");
        var time = DateTime.UnixEpoch.AddSeconds(1770000000);
        File.SetLastWriteTimeUtc(stage.PathOf("list/a.txt"), time);
        Directory.SetLastWriteTimeUtc(stage.PathOf("list/sub"), time);
        stage.SetMode("list/sub", (UnixFileMode)0x1ED);
    }

    // Both names have the same length, so that lengths in the bytes stay right.
    private static string Move(string hex, string from, string to) => hex.Replace(HexOf(from), HexOf(to), StringComparison.Ordinal);

    private static string HexOf(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));

    private static void AssertTypes(JsonElement expected, byte[] answer)
    {
        var reader = new MessagePackReader(answer);
        Assert.Equal(expected.EnumerateObject().Count(), reader.ReadMapHeader());
        foreach (var field in expected.EnumerateObject())
        {
            Assert.Equal(field.Name, reader.ReadString());
            Assert.Equal(field.Value.GetString(), reader.NextCode == MessagePackCode.Float64 ? "float64" : reader.NextMessagePackType == MessagePackType.Integer ? "int" : "?");
            reader.Skip();
        }
    }

    private static IEnumerable<(string Kind, string Text)> LinesOf(string name) =>
        from line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "assets", "golden", $"{name}.txt"))
        where line.Length > 0 && line[0] != '#'
        let space = line.IndexOf(' ', StringComparison.Ordinal)
        select (line[..space], line[(space + 1)..]);
}
