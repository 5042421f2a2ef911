namespace Luminarys.Samples;

public sealed class ArchiveTests
{
    private static string ReadWrite(string data) => $"permissions: {{ fs: {{ enabled: true, dirs: ['{data}:rw'] }} }}";

    [Theory]
    [InlineData("p.tar.gz", "", "tar.gz")]
    [InlineData("p.zip", "", "zip")]
    [InlineData("p.bin", "zip", "zip")]
    public async Task Pack_ListAndUnpack_GiveTheFilesBack(string name, string format, string expected)
    {
        await using var host = await SampleHost.StartAsync("archive", ReadWrite);
        host.Write("p/a.txt", "hello");
        host.Write("p/sub/b.txt", "b");
        host.Write("p/.git/config", "x");
        host.Write("p/sub/c.log", "x");
        var archive = host.PathOf(name);

        Assert.Equal(
            $"packed 2 files into {archive} ({expected})",
            await host.ResultAsync("pack", new { source = host.PathOf("p"), output = archive, format, exclude = ".git,*.log" }));
        Assert.Equal("5\ta.txt\n0\tsub/\n1\tsub/b.txt", await host.ResultAsync("list", new { archive }));
        Assert.Equal($"unpacked 2 files into {host.PathOf("q")}", await host.ResultAsync("unpack", new { archive, dest = host.PathOf("q") }));
        Assert.Equal("hellob", host.Read("q/a.txt") + host.Read("q/sub/b.txt"));
        Assert.Equal(
            $"unpacked 1 file into {host.PathOf("r")}", await host.ResultAsync("unpack", new { archive, dest = host.PathOf("r"), strip = 1, exclude = "a.txt" }));
        Assert.Equal("b", host.Read("r/b.txt"));
    }

    [Fact]
    public async Task Pack_EmptyDirectory_GivesAnEmptyArchive()
    {
        await using var host = await SampleHost.StartAsync("archive", ReadWrite);
        Directory.CreateDirectory(host.PathOf("p"));

        await host.ResultAsync("pack", new { source = host.PathOf("p"), output = host.PathOf("p.zip") });

        Assert.Equal("(empty)", await host.ResultAsync("list", new { archive = host.PathOf("p.zip") }));
    }

    [Fact]
    public async Task Methods_MissingOrForeignFile_Fail()
    {
        await using var host = await SampleHost.StartAsync("archive", ReadWrite);
        var text = host.Write("a.txt", "not an archive");
        var none = host.PathOf("none");

        await host.FailsAsync("not found", "pack", new { source = none, output = host.PathOf("o.zip") });
        await host.FailsAsync("format", "pack", new { source = text, output = host.PathOf("o"), format = "rar" });
        await host.FailsAsync("not found", "list", new { archive = none });
        await host.FailsAsync("not found", "unpack", new { archive = none, dest = host.PathOf("q") });
        await host.ErrorAsync("list", new { archive = text });
        await host.ErrorAsync("unpack", new { archive = text, dest = host.PathOf("q"), format = "zip" });
        Assert.False(Directory.Exists(host.PathOf("q")));
    }

    [Fact]
    public async Task Methods_WithoutGrant_AreDenied()
    {
        await using var host = await SampleHost.StartAsync("archive");

        await host.FailsAsync("permission denied", "pack", new { source = host.Data, output = host.PathOf("o.zip") });
        await host.FailsAsync("permission denied", "list", new { archive = host.PathOf("o.zip") });
        await host.FailsAsync("permission denied", "unpack", new { archive = host.PathOf("o.zip"), dest = host.PathOf("q") });
    }

    [Fact]
    public async Task PackAndUnpack_IntoAReadOnlyDirectory_AreDenied()
    {
        await using var host = await SampleHost.StartAsync(
            "archive", data => $"permissions: {{ fs: {{ enabled: true, dirs: ['{data}:rw', '{data}/kept:ro'] }} }}");
        host.Write("kept/a.txt", "x");
        var archive = host.PathOf("a.zip");
        await host.ResultAsync("pack", new { source = host.PathOf("kept"), output = archive });

        await host.FailsAsync("permission denied", "pack", new { source = host.Data, output = host.PathOf("kept/o.zip") });
        await host.FailsAsync("permission denied", "unpack", new { archive, dest = host.PathOf("kept/q") });
        Assert.Single(Directory.EnumerateFileSystemEntries(host.PathOf("kept")));
    }
}
