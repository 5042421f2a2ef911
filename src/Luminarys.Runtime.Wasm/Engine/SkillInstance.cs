using System.Buffers;
using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Runtime.Wasm.HostFunctions;
using Wasmtime;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// One instance of a skill: a store, its memory and its exports. Used by one thread, for one call at a time; after an exception it must not
/// be used again.
/// </summary>
internal sealed class SkillInstance : IDisposable
{
    private readonly ArrayBufferWriter<byte> _head = new(512);
    private readonly OutputCapture _output;
    private readonly OutputCapture _errors;
    private readonly Store _store;
    private readonly WasmEngine _engine;
    private readonly SkillModule _module;

    /// <summary>Makes the store. No code of the guest runs yet.</summary>
    public SkillInstance(WasmEngine engine, GuestContext context, SkillModule module, Interruption interruption)
    {
        _engine = engine;
        _module = module;
        Context = context;
        Interruption = interruption;
        HostCall = new HostCall(interruption, context.Time) { IsObserved = context.Observer is not null };
        Calls = new HostCalls(this);
        _output = new OutputCapture(context.Log.WriteOutput);
        _errors = new OutputCapture(context.Log.WriteOutput);
        _store = engine.CreateStore(this, context.MemoryMegabytes, module.UsesWasi ? CreateWasi() : null);
        _store.SetEpochDeadlineCallback(OnEpoch);
    }

    /// <summary>What the instances of the skill share.</summary>
    public GuestContext Context { get; }

    /// <summary>Limits of the current call.</summary>
    public Interruption Interruption { get; }

    /// <summary>The guest's side.</summary>
    public GuestExports Exports { get; } = new();

    /// <summary>The imports' side.</summary>
    public HostCalls Calls { get; }

    /// <summary>What host functions see of the current call.</summary>
    public HostCall HostCall { get; }

    /// <summary>Id of the current call; default while the instance starts.</summary>
    public CallId Current => HostCall.Id;

    /// <summary>Whether the guest did something that makes further use unsafe, although the call ended well.</summary>
    public bool IsSpoiled { get; private set; }

    /// <summary>Whether the module was compiled from AssemblyScript.</summary>
    public bool IsAssemblyScript => _module.LooksLikeAssemblyScript;

    /// <summary>Size of its memory in bytes; 0 while there is none.</summary>
    public long MemoryLength => Exports.IsBound ? Exports.Memory.Length : 0;

    /// <summary>Instantiates the module and lets it initialise itself.</summary>
    public void Start()
    {
        _store.SetEpochDeadline(1);
        var instance = _engine.Imports.Instantiate(_store, _module.Module);
        Exports.Bind(instance);
        if (instance.GetAction(GuestAbi.Initialize) is { } initialize)
        {
            initialize();
        }
        else if (instance.GetAction(GuestAbi.Start) is { } start)
        {
            RunMain(start);
        }

        Calls.FreeAll(except: 0, request: 0);
    }

    /// <summary>Asks the guest what it is; answers a copy.</summary>
    public byte[] Describe()
    {
        _store.SetEpochDeadline(1);
        var packed = Exports.Describe();
        var descriptor = Take(packed, GuestAbi.MaxDescriptor, "descriptor");
        Calls.FreeAll(except: GuestAbi.Pointer(packed), request: GuestAbi.Pointer(packed));
        return descriptor;
    }

    /// <summary>Runs one call: the order of these steps is what makes one host safe for the memory management of all guest languages.</summary>
    public GuestResponse Invoke(in GuestRequest request)
    {
        BeginCall(request.Invocation);
        _head.ResetWrittenCount();
        GuestCodec.WriteRequestHead(_head, request);
        var length = _head.WrittenCount + request.Invocation.Payload.Length;

        // The callback renews the deadline tick by tick; setting it here only saves a stale first one.
        _store.SetEpochDeadline(1);
        var block = Exports.Alloc(length);
        if (!Exports.Memory.TryWrite(block, _head.WrittenSpan, request.Invocation.Payload.Span))
        {
            throw new GuestFaultException(new(InvocationError.SkillTrap, $"the skill broke the protocol: {GuestAbi.Alloc} answered a block outside of its memory"));
        }

        var packed = Exports.Handle(block, length);
        var answer = Take(packed, GuestAbi.MaxMessage, "result");
        Calls.FreeAll(except: GuestAbi.Pointer(packed), request: block);
        return Read(answer);
    }

    /// <summary>Notes that the guest has overwritten its own heap with a request that its SDK's scratch area does not hold.</summary>
    public void Spoil(uint length)
    {
        IsSpoiled = true;
        Log.ScratchOverflowed(Context.Logger, Context.Id.Value, length, GuestAbi.AssemblyScriptScratch);
    }

    /// <summary>Says what an exception out of this instance means.</summary>
    public GuestFault Explain(Exception exception)
    {
        _output.EndLine();
        _errors.EndLine();
        return TrapMap.ToFault(exception, Context.Log.Mask(_errors.Tail), IsMemoryFull());
    }

    /// <summary>Says what an exception out of <see cref="Start"/> means.</summary>
    public GuestFault ExplainStart(Exception exception) =>
        TrapMap.ToStartFault(exception, Context.Log.Mask(_errors.Tail), Context.MemoryMegabytes);

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    private void BeginCall(Invocation invocation)
    {
        HostCall.Id = invocation.Id;
        HostCall.Invocation = invocation;
        _output.BeginCall();
        _errors.BeginCall();
        Calls.Begin();
    }

    // Copies a result out and frees it at once: a stale result pointer is fatal for a Rust guest.
    private byte[] Take(long packed, int limit, string what)
    {
        var pointer = GuestAbi.Pointer(packed);
        var length = GuestAbi.Length(packed);
        if (length == 0)
        {
            return [];
        }

        if (!Exports.Memory.TryGet(pointer, length, out var view))
        {
            throw new GuestFaultException(new(InvocationError.SkillTrap, $"the skill broke the protocol: its {what} lies outside of its memory"));
        }

        if (length > limit)
        {
            throw new GuestFaultException(new(InvocationError.PayloadTooLarge, $"the skill's {what} has {length} bytes; {limit} are allowed"));
        }

        var copy = GC.AllocateUninitializedArray<byte>(view.Length);
        view.CopyTo(copy);
        Exports.Free(pointer);
        return copy;
    }

    private static GuestResponse Read(byte[] answer)
    {
        if (answer.Length == 0)
        {
            return new(default, default, "empty response", "", default);
        }

        return GuestCodec.TryReadResponse(answer, out var response, out var fault)
            ? response
            : new(default, default, $"malformed response: {fault}", "", default);
    }

    private ulong OnEpoch(Store store)
    {
        Interruption.ThrowIfPending();
        return 1;
    }

    // The engine does not say why a guest gave up; one that traps with its memory nearly at the limit has most likely failed to grow it.
    private bool IsMemoryFull() => MemoryLength > Context.MemoryBytes * 7 / 8;

    private WasiConfiguration CreateWasi() => new WasiConfiguration().WithStandardOutputCallback(_output.Write).WithStandardErrorCallback(_errors.Write);

    private static void RunMain(Action main)
    {
        try
        {
            main();
        }
        catch (WasmtimeException exception) when (exception.ExitCode == 0)
        {
            // The normal end of a command-style main; the instance stays usable.
        }
    }
}
