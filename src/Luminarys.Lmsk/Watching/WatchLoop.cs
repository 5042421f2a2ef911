using Luminarys.Skills.Authoring;

namespace Luminarys.Lmsk.Watching;

/// <summary>Generates, builds and runs whenever a source has changed. A failure is shown and the loop goes on.</summary>
internal sealed class WatchLoop(WatchRequest request, TimeProvider time, TextWriter output, TextWriter errors)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(300);

    private readonly SourceTree _tree = new(request.Directory, request.Language);

    /// <summary>Completes when it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(s_interval, time);
            while (true)
            {
                // Read before the work: a change during the work is another one.
                var seen = _tree.Read();
                await WorkAsync(cancellationToken).ConfigureAwait(false);
                await errors.WriteLineAsync("watch waits for a change; Ctrl-C ends it").ConfigureAwait(false);
                do
                {
                    await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
                }
                while (_tree.Read() == seen);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await errors.WriteLineAsync("watch ended").ConfigureAwait(false);
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            var language = request.Language switch
            {
                SkillLanguage.AssemblyScript => "as",
                SkillLanguage.Rust => "rust",
                _ => "go",
            };
            if (await LmskCommand.RunAsync(["generate", "-lang", language, request.Directory], output, errors, cancellationToken).ConfigureAwait(false) != LmskCommand.Ok
                || !await BuildAsync(cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            if ((request.Module ?? _tree.FindModule()) is { } module)
            {
                await LmskCommand.RunAsync(["run", module, .. request.Run], output, errors, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await errors.WriteLineAsync($"{request.Directory}: there is no .wasm; name it with -wasm").ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (Disk.IsOfFiles(exception))
        {
            await errors.WriteLineAsync($"{request.Directory}: {exception.Message}").ConfigureAwait(false);
        }
    }

    private async Task<bool> BuildAsync(CancellationToken cancellationToken)
    {
        if (request.Build.Length == 0)
        {
            return true;
        }

        if (OperatingSystem.IsWindows())
        {
            await errors.WriteLineAsync("watch starts no program on Windows; build in another window and use -build \"\"").ConfigureAwait(false);
            return false;
        }

        var code = await BuildProgram.RunAsync(request.Directory, request.Build, cancellationToken).ConfigureAwait(false);
        if (code != 0)
        {
            await errors.WriteLineAsync($"{request.Directory}: '{request.Build}' ended with exit code {code}").ConfigureAwait(false);
        }

        return code == 0;
    }
}
