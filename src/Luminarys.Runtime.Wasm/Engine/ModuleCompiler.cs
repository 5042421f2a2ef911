using Luminarys.Skills;
using Wasmtime;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Makes modules from bytes, on a thread of its own: a large module takes seconds and the engine cannot be asked to stop.</summary>
internal sealed class ModuleCompiler(WasmEngine engine, TimeProvider time)
{
    private const int StackSize = 8 * 1024 * 1024;

    /// <summary>Compiles a module.</summary>
    /// <exception cref="TimeoutException">It took longer than the limit. It is thrown away when it is done.</exception>
    /// <exception cref="WasmtimeException">The bytes are not a module.</exception>
    public async Task<SkillModule> CompileAsync(byte[] source, PackageDigest digest, TimeSpan limit, CancellationToken cancellationToken)
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

    private void Compile(byte[] source, PackageDigest digest, TaskCompletionSource<SkillModule> compiled)
    {
        try
        {
            compiled.SetResult(new SkillModule(Module.FromBytes(engine.Engine, digest.Hex, source), digest));
        }
        catch (Exception exception)
        {
            compiled.SetException(exception);
        }
    }
}
