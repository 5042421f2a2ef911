using Luminarys.Skills;
using Wasmtime;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Makes modules from bytes, on a thread of its own: a large module takes seconds and the engine cannot be asked to stop.</summary>
internal sealed class ModuleCompiler(WasmEngine engine, TimeProvider time)
{
    private const int StackSize = 8 * 1024 * 1024;

    /// <summary>Compiles a module, or answers why not and what to do.</summary>
    public async Task<(SkillModule? Module, string? Fault)> TryCompileAsync(ReadOnlyMemory<byte> source, PackageDigest digest, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return (await CompileAsync(source, digest, limit, cancellationToken).ConfigureAwait(false), null);
        }
        catch (WasmtimeException exception)
        {
            return (null, $"it is not a valid module: {TrapMap.ToCompileError(exception)}; build it again");
        }
        catch (TimeoutException)
        {
            return (null, $"compiling it took longer than {limit.TotalSeconds:0} s; make the module smaller or raise the compile timeout");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Broad on purpose: the engine's binding reads bytes that nobody trusts, and whatever it makes of them is the end of one skill only.
            return (null, $"it cannot be compiled: {TrapMap.ToCompileError(exception)}; build it again with a skill SDK");
        }
    }

    // What takes longer than the limit is thrown away when it is done.
    private async Task<SkillModule> CompileAsync(ReadOnlyMemory<byte> source, PackageDigest digest, TimeSpan limit, CancellationToken cancellationToken)
    {
        var compiled = new TaskCompletionSource<SkillModule>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Compile(source, digest, compiled), StackSize) { IsBackground = true, Name = "luminarys-compile" }.UnsafeStart();
        try
        {
            return await compiled.Task.WaitAsync(limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            _ = compiled.Task.ContinueWith(
                static late => late.GetAwaiter().GetResult().Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            throw;
        }
    }

    private void Compile(ReadOnlyMemory<byte> source, PackageDigest digest, TaskCompletionSource<SkillModule> compiled)
    {
        try
        {
            compiled.SetResult(new SkillModule(Module.FromBytes(engine.Engine, digest.Hex, source.Span), digest));
        }
        catch (Exception exception)
        {
            compiled.SetException(exception);
        }
    }
}
