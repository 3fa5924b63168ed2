; t_kernel
define internal i32 @t_kernel.body(ptr noalias captures(none) readonly align 4 %a0, ptr noalias captures(none) align 4 %a1, ptr %workspace, i32 %threads) #0 {
entry:
  br label %loop2
loop2:
  %i0.4 = phi i64 [ 0, %entry ], [ %v119, %end7 ]
  %v13 = mul nsw i64 %i0.4, 160
  %v14 = getelementptr float, ptr %a0, i64 %v13
  %v58 = mul nsw i64 %i0.4, 320
  %v59 = getelementptr float, ptr %a1, i64 %v58
  br label %loop6
loop6:
  %i1.8 = phi i64 [ 0, %loop2 ], [ %v117, %end11 ]
  %v15 = mul nsw i64 %i1.8, 480
  %v16 = getelementptr float, ptr %v14, i64 %v15
  %v60 = mul nsw i64 %i1.8, 160
  %v61 = getelementptr float, ptr %v59, i64 %v60
  br label %loop10
loop10:
  %i2.12 = phi i64 [ 0, %loop6 ], [ %v71, %loop10 ]
  %v17 = mul nsw i64 %i2.12, 8
  %v18 = getelementptr float, ptr %v16, i64 %v17
  %v62 = mul nsw i64 %i2.12, 64
  %v63 = getelementptr float, ptr %v61, i64 %v62
  %v19 = load <8 x float>, ptr %v18, align 4
  %v20 = getelementptr float, ptr %v18, i64 40
  %v21 = load <8 x float>, ptr %v20, align 4
  %v22 = getelementptr float, ptr %v18, i64 20
  %v23 = load <8 x float>, ptr %v22, align 4
  %v24 = getelementptr float, ptr %v18, i64 60
  %v25 = load <8 x float>, ptr %v24, align 4
  %v26 = getelementptr float, ptr %v18, i64 80
  %v27 = load <8 x float>, ptr %v26, align 4
  %v28 = getelementptr float, ptr %v18, i64 120
  %v29 = load <8 x float>, ptr %v28, align 4
  %v30 = getelementptr float, ptr %v18, i64 100
  %v31 = load <8 x float>, ptr %v30, align 4
  %v32 = getelementptr float, ptr %v18, i64 140
  %v33 = load <8 x float>, ptr %v32, align 4
  %v34 = shufflevector <8 x float> %v19, <8 x float> %v21, <8 x i32> <i32 0, i32 8, i32 1, i32 9, i32 4, i32 12, i32 5, i32 13>
  %v35 = shufflevector <8 x float> %v19, <8 x float> %v21, <8 x i32> <i32 2, i32 10, i32 3, i32 11, i32 6, i32 14, i32 7, i32 15>
  %v36 = shufflevector <8 x float> %v23, <8 x float> %v25, <8 x i32> <i32 0, i32 8, i32 1, i32 9, i32 4, i32 12, i32 5, i32 13>
  %v37 = shufflevector <8 x float> %v23, <8 x float> %v25, <8 x i32> <i32 2, i32 10, i32 3, i32 11, i32 6, i32 14, i32 7, i32 15>
  %v38 = shufflevector <8 x float> %v27, <8 x float> %v29, <8 x i32> <i32 0, i32 8, i32 1, i32 9, i32 4, i32 12, i32 5, i32 13>
  %v39 = shufflevector <8 x float> %v27, <8 x float> %v29, <8 x i32> <i32 2, i32 10, i32 3, i32 11, i32 6, i32 14, i32 7, i32 15>
  %v40 = shufflevector <8 x float> %v31, <8 x float> %v33, <8 x i32> <i32 0, i32 8, i32 1, i32 9, i32 4, i32 12, i32 5, i32 13>
  %v41 = shufflevector <8 x float> %v31, <8 x float> %v33, <8 x i32> <i32 2, i32 10, i32 3, i32 11, i32 6, i32 14, i32 7, i32 15>
  %v42 = shufflevector <8 x float> %v34, <8 x float> %v36, <8 x i32> <i32 0, i32 8, i32 1, i32 9, i32 4, i32 12, i32 5, i32 13>
  %v43 = shufflevector <8 x float> %v34, <8 x float> %v36, <8 x i32> <i32 2, i32 10, i32 3, i32 11, i32 6, i32 14, i32 7, i32 15>
  %v44 = shufflevector <8 x float> %v35, <8 x float> %v37, <8 x i32> <i32 0, i32 8, i32 1, i32 9, i32 4, i32 12, i32 5, i32 13>
  %v45 = shufflevector <8 x float> %v35, <8 x float> %v37, <8 x i32> <i32 2, i32 10, i32 3, i32 11, i32 6, i32 14, i32 7, i32 15>
  %v46 = shufflevector <8 x float> %v38, <8 x float> %v40, <8 x i32> <i32 0, i32 8, i32 1, i32 9, i32 4, i32 12, i32 5, i32 13>
  %v47 = shufflevector <8 x float> %v38, <8 x float> %v40, <8 x i32> <i32 2, i32 10, i32 3, i32 11, i32 6, i32 14, i32 7, i32 15>
  %v48 = shufflevector <8 x float> %v39, <8 x float> %v41, <8 x i32> <i32 0, i32 8, i32 1, i32 9, i32 4, i32 12, i32 5, i32 13>
  %v49 = shufflevector <8 x float> %v39, <8 x float> %v41, <8 x i32> <i32 2, i32 10, i32 3, i32 11, i32 6, i32 14, i32 7, i32 15>
  %v50 = shufflevector <8 x float> %v42, <8 x float> %v46, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %v51 = shufflevector <8 x float> %v42, <8 x float> %v46, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %v52 = shufflevector <8 x float> %v44, <8 x float> %v48, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %v53 = shufflevector <8 x float> %v44, <8 x float> %v48, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %v54 = shufflevector <8 x float> %v43, <8 x float> %v47, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %v55 = shufflevector <8 x float> %v43, <8 x float> %v47, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %v56 = shufflevector <8 x float> %v45, <8 x float> %v49, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %v57 = shufflevector <8 x float> %v45, <8 x float> %v49, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  store <8 x float> %v50, ptr %v63, align 4
  %v64 = getelementptr float, ptr %v63, i64 8
  store <8 x float> %v54, ptr %v64, align 4
  %v65 = getelementptr float, ptr %v63, i64 16
  store <8 x float> %v52, ptr %v65, align 4
  %v66 = getelementptr float, ptr %v63, i64 24
  store <8 x float> %v56, ptr %v66, align 4
  %v67 = getelementptr float, ptr %v63, i64 32
  store <8 x float> %v51, ptr %v67, align 4
  %v68 = getelementptr float, ptr %v63, i64 40
  store <8 x float> %v55, ptr %v68, align 4
  %v69 = getelementptr float, ptr %v63, i64 48
  store <8 x float> %v53, ptr %v69, align 4
  %v70 = getelementptr float, ptr %v63, i64 56
  store <8 x float> %v57, ptr %v70, align 4
  %v71 = add nsw i64 %i2.12, 1
  %v72 = icmp slt i64 %v71, 2
  br i1 %v72, label %loop10, label %end11
end11:
  %v73 = getelementptr float, ptr %v16, i64 16
  %v74 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v73, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %v75 = getelementptr float, ptr %v16, i64 56
  %v76 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v75, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %v77 = getelementptr float, ptr %v16, i64 36
  %v78 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v77, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %v79 = getelementptr float, ptr %v16, i64 76
  %v80 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v79, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %v81 = getelementptr float, ptr %v16, i64 96
  %v82 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v81, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %v83 = getelementptr float, ptr %v16, i64 136
  %v84 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v83, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %v85 = getelementptr float, ptr %v16, i64 116
  %v86 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v85, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %v87 = getelementptr float, ptr %v16, i64 156
  %v88 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v87, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %v89 = shufflevector <8 x float> %v74, <8 x float> %v76, <8 x i32> <i32 0, i32 8, i32 1, i32 9, i32 4, i32 12, i32 5, i32 13>
  %v90 = shufflevector <8 x float> %v74, <8 x float> %v76, <8 x i32> <i32 2, i32 10, i32 3, i32 11, i32 6, i32 14, i32 7, i32 15>
  %v91 = shufflevector <8 x float> %v78, <8 x float> %v80, <8 x i32> <i32 0, i32 8, i32 1, i32 9, i32 4, i32 12, i32 5, i32 13>
  %v92 = shufflevector <8 x float> %v78, <8 x float> %v80, <8 x i32> <i32 2, i32 10, i32 3, i32 11, i32 6, i32 14, i32 7, i32 15>
  %v93 = shufflevector <8 x float> %v82, <8 x float> %v84, <8 x i32> <i32 0, i32 8, i32 1, i32 9, i32 4, i32 12, i32 5, i32 13>
  %v94 = shufflevector <8 x float> %v82, <8 x float> %v84, <8 x i32> <i32 2, i32 10, i32 3, i32 11, i32 6, i32 14, i32 7, i32 15>
  %v95 = shufflevector <8 x float> %v86, <8 x float> %v88, <8 x i32> <i32 0, i32 8, i32 1, i32 9, i32 4, i32 12, i32 5, i32 13>
  %v96 = shufflevector <8 x float> %v86, <8 x float> %v88, <8 x i32> <i32 2, i32 10, i32 3, i32 11, i32 6, i32 14, i32 7, i32 15>
  %v97 = shufflevector <8 x float> %v89, <8 x float> %v91, <8 x i32> <i32 0, i32 8, i32 1, i32 9, i32 4, i32 12, i32 5, i32 13>
  %v98 = shufflevector <8 x float> %v89, <8 x float> %v91, <8 x i32> <i32 2, i32 10, i32 3, i32 11, i32 6, i32 14, i32 7, i32 15>
  %v99 = shufflevector <8 x float> %v90, <8 x float> %v92, <8 x i32> <i32 0, i32 8, i32 1, i32 9, i32 4, i32 12, i32 5, i32 13>
  %v100 = shufflevector <8 x float> %v90, <8 x float> %v92, <8 x i32> <i32 2, i32 10, i32 3, i32 11, i32 6, i32 14, i32 7, i32 15>
  %v101 = shufflevector <8 x float> %v93, <8 x float> %v95, <8 x i32> <i32 0, i32 8, i32 1, i32 9, i32 4, i32 12, i32 5, i32 13>
  %v102 = shufflevector <8 x float> %v93, <8 x float> %v95, <8 x i32> <i32 2, i32 10, i32 3, i32 11, i32 6, i32 14, i32 7, i32 15>
  %v103 = shufflevector <8 x float> %v94, <8 x float> %v96, <8 x i32> <i32 0, i32 8, i32 1, i32 9, i32 4, i32 12, i32 5, i32 13>
  %v104 = shufflevector <8 x float> %v94, <8 x float> %v96, <8 x i32> <i32 2, i32 10, i32 3, i32 11, i32 6, i32 14, i32 7, i32 15>
  %v105 = shufflevector <8 x float> %v97, <8 x float> %v101, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %v106 = shufflevector <8 x float> %v97, <8 x float> %v101, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %v107 = shufflevector <8 x float> %v99, <8 x float> %v103, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %v108 = shufflevector <8 x float> %v99, <8 x float> %v103, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %v109 = shufflevector <8 x float> %v98, <8 x float> %v102, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %v110 = shufflevector <8 x float> %v98, <8 x float> %v102, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %v111 = shufflevector <8 x float> %v100, <8 x float> %v104, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %v112 = shufflevector <8 x float> %v100, <8 x float> %v104, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %v113 = getelementptr float, ptr %v61, i64 128
  store <8 x float> %v105, ptr %v113, align 4
  %v114 = getelementptr float, ptr %v61, i64 136
  store <8 x float> %v109, ptr %v114, align 4
  %v115 = getelementptr float, ptr %v61, i64 144
  store <8 x float> %v107, ptr %v115, align 4
  %v116 = getelementptr float, ptr %v61, i64 152
  store <8 x float> %v111, ptr %v116, align 4
  %v117 = add nsw i64 %i1.8, 1
  %v118 = icmp slt i64 %v117, 2
  br i1 %v118, label %loop6, label %end7
end7:
  %v119 = add nsw i64 %i0.4, 1
  %v120 = icmp slt i64 %v119, 3
  br i1 %v120, label %loop2, label %end3
end3:
  ret i32 0
}

define i32 @t_kernel(ptr %buffers, ptr %ints, ptr %workspace, i32 %threads) #0 {
entry:
  %v1 = getelementptr ptr, ptr %buffers, i64 0
  %v2 = load ptr, ptr %v1, align 8
  %v3 = getelementptr ptr, ptr %buffers, i64 1
  %v4 = load ptr, ptr %v3, align 8
  %v5 = call i32 @t_kernel.body(ptr %v2, ptr %v4, ptr %workspace, i32 %threads)
  ret i32 %v5
}

declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)

attributes #0 = { nounwind mustprogress "prefer-vector-width"="256" "min-legal-vector-width"="256" }

