using System.Collections;
using System.Runtime.InteropServices;

namespace Luminarys.Lmsk.Watching;

/// <summary>
/// Runs a build command in a shell. The process is waited for by its id alone: the runtime in this process has children of its own.
/// </summary>
internal static partial class BuildProgram
{
    private const int SetGroup = 0x02;
    private const int Probe = 0;
    private const int EndNow = 9;
    private const int Terminate = 15;
    private const int ReadOnly = 0;
    private const int Interrupted = 4;

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(20);

    // More than any system's attribute and action objects take.
    private const int NativeObject = 1024;

    /// <summary>Runs the command with this process's output; answers its exit code, 128 and more when a signal ended it. Cancellation ends it and its children.</summary>
    public static async Task<int> RunAsync(string directory, string command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var process = Start(["/bin/sh", "-c", "cd -- \"$1\" && eval \"$2\"", "sh", Path.GetFullPath(directory), command]);
        var ended = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => ended.SetResult(Wait(process))) { IsBackground = true, Name = "lmsk build" }.Start();
        try
        {
            return await ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process).ConfigureAwait(false);
            await ended.Task.ConfigureAwait(false);
            throw;
        }
    }

    // The group lives on as long as one of its members does.
    private static async Task EndAsync(int process)
    {
        var started = TimeProvider.System.GetTimestamp();
        _ = Kill(-process, Terminate);
        while (Kill(-process, Probe) == 0)
        {
            if (TimeProvider.System.GetElapsedTime(started) >= s_grace)
            {
                _ = Kill(-process, EndNow);
                return;
            }

            await Task.Delay(s_step, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static unsafe int Start(string[] arguments)
    {
        string[] environment = [.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => $"{entry.Key}={entry.Value}")];
        var attributes = (nint)NativeMemory.AllocZeroed(NativeObject);
        var actions = (nint)NativeMemory.AllocZeroed(NativeObject);
        var argv = Native(arguments);
        var envp = Native(environment);
        try
        {
            _ = InitAttributes(attributes);
            _ = SetFlags(attributes, SetGroup);
            _ = InitActions(actions);
            _ = AddOpen(actions, 0, "/dev/null", ReadOnly, 0);
            var error = Spawn(out var process, arguments[0], actions, attributes, argv, envp);
            _ = DestroyActions(actions);
            _ = DestroyAttributes(attributes);
            return error == 0 ? process : throw new IOException($"{arguments[0]}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
        finally
        {
            Free(argv);
            Free(envp);
            NativeMemory.Free((void*)attributes);
            NativeMemory.Free((void*)actions);
        }
    }

    private static int Wait(int process)
    {
        int status;
        while (WaitPid(process, out status, 0) == -1)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                return -1;
            }
        }

        var signal = status & 0x7f;
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
    }

    private static nint[] Native(string[] texts) => [.. texts.Select(Marshal.StringToCoTaskMemUTF8), 0];

    private static void Free(nint[] texts)
    {
        foreach (var text in texts)
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(out int process, string path, nint actions, nint attributes, nint[] argv, nint[] envp);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int InitAttributes(nint attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(nint attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(nint attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitActions(nint actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(nint actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(nint actions);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int process, out int status, int options);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
