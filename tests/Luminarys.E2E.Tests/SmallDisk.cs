namespace Luminarys.E2E;

/// <summary>A small file system of its own in a folder; gone with the test.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    public static async Task<SmallDisk> MountAsync(string folder, int megabytes)
    {
        Directory.CreateDirectory(folder);
        await Root.RequireAsync("to mount a file system", "mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=777", "tmpfs", folder);
        return new(folder);
    }

    /// <summary>Writes until there is no byte left.</summary>
    public void Fill()
    {
        var buffer = new byte[1024 * 1024];
        using var file = File.OpenHandle(Path.Combine(_folder, "filler"), FileMode.Create, FileAccess.Write);
        long offset = 0;
        for (var size = buffer.Length; size > 0;)
        {
            try
            {
                RandomAccess.Write(file, buffer.AsSpan(0, size), offset);
                offset += size;
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    public async ValueTask DisposeAsync() => Assert.Equal(0, (await Root.RunAsync("umount", "-l", _folder)).Code);
}
