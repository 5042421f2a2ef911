using System.Diagnostics;
using Luminarys.Permissions;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

public sealed class ModuleCacheTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("luminarys-cache-");

    private string CacheDirectory => Path.Combine(_directory.FullName, "cache");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task LoadAsync_SecondTime_TakesTheCompiledModule()
    {
        Assert.EndsWith("the compiler", await LoadAsync(), StringComparison.Ordinal);
        Assert.EndsWith("the cache", await LoadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_AnyFlippedByte_IsFoundAndCompiledAgain()
    {
        await LoadAsync();
        var file = CacheFile();
        var sound = await File.ReadAllBytesAsync(file, Token);
        foreach (var at in new[] { 0, 31, 32, 100, sound.Length / 2, sound.Length - 1 })
        {
            var flipped = (byte[])sound.Clone();
            flipped[at] ^= 1;
            await File.WriteAllBytesAsync(file, flipped, Token);

            await using var harness = await StartAsync();

            Assert.Single(harness.Log.Of(3021));
            Assert.EndsWith("the compiler", Assert.Single(harness.Log.Of(3000)), StringComparison.Ordinal);
            Assert.True((await harness.InvokeAsync("echo")).IsSuccess);
            Assert.EndsWith("the cache", await LoadAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(1000)]
    public async Task LoadAsync_TruncatedFile_IsCompiledAgain(int length)
    {
        await LoadAsync();
        var file = CacheFile();
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, Token))[..length], Token);

        Assert.EndsWith("the compiler", await LoadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_FileOfAnotherModule_IsNotTakenForThisOne()
    {
        await LoadAsync();
        var file = CacheFile();
        await using (var other = await RuntimeHarness.StartAsync("strict", options => options.CacheDirectory = CacheDirectory))
        {
            File.Copy(Directory.GetFiles(CacheDirectory, "*.cwasm").Single(path => path != file), file, overwrite: true);
        }

        await using var harness = await StartAsync();

        Assert.Single(harness.Log.Of(3021));
        Assert.True((await harness.InvokeAsync("echo")).IsSuccess);
    }

    [Fact]
    public async Task LoadAsync_FilesAreForTheOwnerOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await LoadAsync();

        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner | UnixFileMode.UserExecute, Mode(CacheDirectory));
        Assert.All(Directory.GetFiles(CacheDirectory), file => Assert.Equal(owner, Mode(file)));
        Assert.Equal(2, Directory.GetFiles(CacheDirectory).Length);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task LoadAsync_OthersMayWriteToTheDirectory_WarnsAndDoesWithout(UnixFileMode write)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        Directory.CreateDirectory(CacheDirectory);
        File.SetUnixFileMode(CacheDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | write);

        await using var harness = await StartAsync();

        Assert.Contains("chmod 700", Assert.Single(harness.Log.Of(3020)), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(CacheDirectory));
    }

    [Fact]
    public async Task LoadAsync_DirectoryOfAnotherUser_WarnsAndDoesWithout()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root can give a directory away.");
        Directory.CreateDirectory(CacheDirectory);
        await ChownAsync(CacheDirectory);

        await using var harness = await StartAsync();

        Assert.Contains("belongs to another user", Assert.Single(harness.Log.Of(3020)), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(CacheDirectory));
    }

    [Fact]
    public async Task LoadAsync_DirectoryCannotBeMade_WarnsAndDoesWithout()
    {
        await File.WriteAllTextAsync(CacheDirectory, "a file", Token);

        await using var harness = await StartAsync();

        Assert.Single(harness.Log.Of(3020));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    public async Task LoadAsync_KeyIsCutShort_IsReplaced(int length)
    {
        await LoadAsync();
        var key = Path.Combine(CacheDirectory, "cache.key");
        await File.WriteAllBytesAsync(key, new byte[length], Token);

        Assert.EndsWith("the compiler", await LoadAsync(), StringComparison.Ordinal);
        Assert.EndsWith("the cache", await LoadAsync(), StringComparison.Ordinal);
        Assert.Equal(32, new FileInfo(key).Length);
        Assert.Equal(2, Directory.GetFiles(CacheDirectory).Length);
    }

    [Fact]
    public async Task ReadOrCreateKey_ManyHostsAtOnce_AgreeOnOneKey()
    {
        for (var round = 0; round < 200; round++)
        {
            var file = Path.Combine(_directory.FullName, $"{round}.key");
            using var start = new Barrier(4);

            var keys = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(Token);
                    return Convert.ToHexString(PrivateDirectory.ReadOrCreateKey(file));
                },
                Token,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            Assert.Single(keys.Distinct());
        }
    }

    [Fact]
    public async Task LoadAsync_KeyIsSomethingElse_WarnsAndDoesWithout()
    {
        await LoadAsync();
        await File.WriteAllBytesAsync(Path.Combine(CacheDirectory, "cache.key"), new byte[33], Token);

        await using var harness = await StartAsync();

        Assert.Contains("is not a key of 32 bytes", Assert.Single(harness.Log.Of(3020)), StringComparison.Ordinal);
    }

    [Fact]
    public void FileOf_OtherModule_HasAnotherName()
    {
        using var engine = new WasmEngine(TimeProvider.System);
        var cache = ModuleCache.Open(CacheDirectory, engine, new LogLines())!;

        Assert.NotEqual(cache.FileOf(PackageDigest.Of([1])), cache.FileOf(PackageDigest.Of([2])));
    }

    [Fact]
    public async Task Open_FilesOfAnotherEngineAndOfBrokenWrites_AreRemoved()
    {
        await LoadAsync();
        var own = CacheFile();
        await File.WriteAllTextAsync(Path.Combine(CacheDirectory, "0123abcd-00.cwasm"), "", Token);
        await File.WriteAllTextAsync(Path.Combine(CacheDirectory, "00.cwasm"), "", Token);
        await File.WriteAllTextAsync($"{own}.0011223344556677", "", Token);
        await File.WriteAllTextAsync(Path.Combine(CacheDirectory, "notes.txt"), "", Token);

        Assert.EndsWith("the cache", await LoadAsync(), StringComparison.Ordinal);

        string[] left = [Path.Combine(CacheDirectory, "cache.key"), Path.Combine(CacheDirectory, "notes.txt"), own];
        Assert.Equal(left.Order(StringComparer.Ordinal), Directory.GetFiles(CacheDirectory).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("/cache", false)]
    [InlineData("/*", false)]
    [InlineData("/cache/cache.key", false)]
    [InlineData("/link/cache", false)]
    public async Task LoadAsync_GrantReachesTheCache_IsRefused(string below, bool writes)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        Directory.CreateDirectory(CacheDirectory);
        Directory.CreateSymbolicLink(Path.Combine(_directory.FullName, "link"), _directory.FullName);
        await using var harness = new RuntimeHarness(options => options.CacheDirectory = CacheDirectory);
        var grant = new DirectoryGrant($"{_directory.FullName}{below}", writes ? AccessMode.ReadWrite : AccessMode.ReadOnly);

        var result = await harness.LoadAsync("echo", manifest => manifest with { Permissions = PermissionSet.None with { Directories = [grant] } });

        Assert.Contains("reaches the host's own cache", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_GrantBesideTheCache_IsFine()
    {
        Directory.CreateDirectory(Path.Combine(_directory.FullName, "data"));
        await using var harness = new RuntimeHarness(options => options.CacheDirectory = CacheDirectory);
        var grant = new DirectoryGrant($"{_directory.FullName}/data", AccessMode.ReadWrite);

        Assert.Null((await harness.LoadAsync("echo", manifest => manifest with { Permissions = PermissionSet.None with { Directories = [grant] } })).Error);
    }

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private static async Task ChownAsync(string directory)
    {
        using var process = Process.Start("chown", ["65534", directory]);
        await process.WaitForExitAsync(Token);
    }

    private string CacheFile() => Directory.GetFiles(CacheDirectory, "*.cwasm").Single();

    private Task<RuntimeHarness> StartAsync() => RuntimeHarness.StartAsync("echo", options => options.CacheDirectory = CacheDirectory);

    // Loads the guest in a runtime of its own and answers the line about it.
    private async Task<string> LoadAsync()
    {
        await using var harness = await StartAsync();
        return Assert.Single(harness.Log.Of(3000));
    }
}
