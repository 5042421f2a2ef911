using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Skills.Messages;
using MessagePack;
using Wasmtime;

using Caller = Wasmtime.Caller;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>
/// The calls of one instance to the host: moves requests out of and answers into the guest's memory in the order that all guest languages
/// stand, and remembers the blocks to give back.
/// </summary>
internal sealed class HostCalls(SkillInstance instance)
{
    /// <summary>Above this many bytes, older answers are given back before the call ends: a guest in a loop would run out of memory.</summary>
    private const long EarlyRelease = 8 * 1024 * 1024;

    private readonly AnswerBuffer _answer = new(instance.Context.MaxHostAnswer);
    private readonly List<uint> _blocks = [];
    private readonly HostCallBudget _budget = new(instance.Context.Time);
    private long _bytes;
    private bool _isInAllocator;

    /// <summary>Entry of all imports.</summary>
    public static long Enter(in Caller caller, int function, uint pointer, uint length)
    {
        var instance = Of(caller);
        return instance.Calls.Run(function, pointer, length);
    }

    /// <summary>The instance that calls, with its memory bound.</summary>
    public static SkillInstance Of(in Caller caller)
    {
        var instance = (SkillInstance)caller.GetData()!;
        instance.Exports.BindEarly(caller);
        return instance;
    }

    /// <summary>Forgets the previous call.</summary>
    public void Begin()
    {
        _blocks.Clear();
        _bytes = 0;
    }

    /// <summary>Gives back all answers and then the request, each block once, without the result that was given back already.</summary>
    public void FreeAll(uint except, uint request)
    {
        var requestIsListed = false;
        _isInAllocator = true;
        foreach (var block in _blocks)
        {
            requestIsListed |= block == request;
            if (block != except)
            {
                instance.Exports.Free(block);
            }
        }

        if (!requestIsListed && request != except)
        {
            instance.Exports.Free(request);
        }

        _isInAllocator = false;
        Begin();
    }

    private long Run(int function, uint pointer, uint length)
    {
        if (_isInAllocator)
        {
            throw new GuestFaultException(new(InvocationError.SkillTrap, "the skill broke the protocol: its allocator calls the host"));
        }

        var exports = instance.Exports;
        if (!exports.Memory.TryGet(pointer, length, out var view))
        {
            throw new GuestFaultException(new(InvocationError.SkillTrap, "the skill broke the protocol: a request to the host lies outside of its memory"));
        }

        // Copied before the allocator runs: that may move or collect the request.
        var request = length <= GuestAbi.MaxMessage ? view.ToArray() : null;
        _budget.Take(instance.Interruption);
        if (instance.Context.Observer is { } observer)
        {
            AnswerObserved(observer, function, request);
        }
        else
        {
            Answer(instance.Context.Functions[function], request);
        }

        instance.Interruption.ThrowIfPending();
        if (length > GuestAbi.AssemblyScriptScratch && instance.IsAssemblyScript)
        {
            instance.Spoil(length);
        }

        return Deliver(exports);
    }

    private void AnswerObserved(ISkillObserver observer, int function, byte[]? request)
    {
        var call = instance.HostCall;
        call.Note("", null);
        var started = call.Time.GetTimestamp();
        var error = Answer(instance.Context.Functions[function], request);
        observer.HostCallEnded(new(
            instance.Context.Id, call.Id, HostFunctionTable.Names[function], call.Resource, call.Verdict, error, call.Time.GetElapsedTime(started)));
    }

    private string? Answer(HostFunction function, byte[]? request)
    {
        var error = request is null ? $"request too large: {GuestAbi.MaxMessage} bytes are allowed"
            : request.Length > 0 && MessageGuard.FindFault(request, GuestAbi.MaxRequestValues) is { } fault ? $"malformed request: {fault}"
            : null;
        _answer.Clear();
        error ??= Call(function, request);
        if (error is null && _answer.WrittenCount > instance.Context.MaxHostAnswer)
        {
            error = TooLarge(_answer.WrittenCount);
        }

        if (error is not null)
        {
            _answer.Clear();
            var writer = new MessagePackWriter(_answer);
            writer.WriteMapHeader(1);
            writer.WriteString("error"u8);
            writer.Write(error);
            writer.Flush();
        }

        return error;
    }

    private string? Call(HostFunction function, byte[]? request)
    {
        try
        {
            return function(instance.HostCall, request, _answer);
        }
        catch (AnswerTooLargeException exception)
        {
            return TooLarge(exception.Needed);
        }
    }

    private string TooLarge(long needed) => $"answer too large: {needed} bytes, {instance.Context.MaxHostAnswer} are allowed";

    private long Deliver(GuestExports exports)
    {
        var block = AllocateNested(exports, _answer.WrittenCount);
        if (!exports.Memory.TryWrite(block, _answer.WrittenSpan, default))
        {
            throw new GuestFaultException(new(InvocationError.SkillTrap, $"the skill broke the protocol: {GuestAbi.Alloc} answered a block outside of its memory"));
        }

        if (_blocks.Count == 0 || _blocks[^1] != block)
        {
            _blocks.Add(block);
            _bytes += _answer.WrittenCount;
        }

        return GuestAbi.Pack(block, _answer.WrittenCount);
    }

    // All but the newest: a Go guest may still be decoding that one on another goroutine.
    private void ReleaseOld(GuestExports exports)
    {
        if (_bytes <= EarlyRelease || _blocks.Count < 2 || !exports.IsComplete)
        {
            return;
        }

        var newest = _blocks[^1];
        foreach (var block in _blocks)
        {
            if (block != newest)
            {
                exports.Free(block);
            }
        }

        _blocks.Clear();
        _blocks.Add(newest);
        _bytes = 0;
    }

    // A trap in here passes two frames of the engine, which keep its text only: it is translated where its kind is still known.
    private uint AllocateNested(GuestExports exports, int size)
    {
        _isInAllocator = true;
        try
        {
            ReleaseOld(exports);
            return exports.Alloc(size);
        }
        catch (WasmtimeException exception)
        {
            throw new GuestFaultException(instance.Explain(exception));
        }
        finally
        {
            _isInAllocator = false;
        }
    }
}
