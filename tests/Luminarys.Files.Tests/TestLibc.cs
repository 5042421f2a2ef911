using System.Runtime.InteropServices;

namespace Luminarys.Files.Tests;

/// <summary>What tests need of the system that the library does not.</summary>
internal static partial class TestLibc
{
    private const int CurrentDirectory = -100;
    private const uint ExchangeFlag = 2;

    public static int MakeQueue(string path) => Mkfifo(path, 0x1B6);

    /// <summary>Lets two names change places in one step.</summary>
    public static bool Exchange(string one, string other) => RenameAt2(CurrentDirectory, one, CurrentDirectory, other, ExchangeFlag) == 0;

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mkfifo(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt2(int from, string path, int to, string newPath, uint flags);
}
