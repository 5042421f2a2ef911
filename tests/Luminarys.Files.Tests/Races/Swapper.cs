using Luminarys.Files.Native;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Tests.Races;

/// <summary>Lets two names in a directory change places again and again, on a thread of its own. Ends with the places they began with.</summary>
internal sealed class Swapper : IDisposable
{
    private const uint Exchange = 2;
    private readonly SafeFileHandle _directory;
    private readonly Thread _thread;
    private volatile bool _ends;
    private long _swaps;

    public Swapper(string directory, string one, string other)
    {
        Assert.Equal(Errno.None, Handles.Open(directory, OpenFlags.Path, out _directory));
        var (name, otherName) = (NativePath.Encode(one), NativePath.Encode(other));
        _thread = new(() =>
        {
            while (!_ends)
            {
                for (var half = 0; half < 2; half++)
                {
                    // Pauses of all lengths, so that acts meet every moment.
                    Thread.SpinWait((int)(_swaps % 61));
                    _swaps += Libc.RenameAt2(_directory, name, _directory, otherName, Exchange) == 0 ? 1 : 0;
                }
            }
        });
        _thread.Start();
    }

    public void Dispose()
    {
        _ends = true;
        _thread.Join();
        _directory.Dispose();
        Assert.True(_swaps > 0, "Nothing changed places.");
    }
}
