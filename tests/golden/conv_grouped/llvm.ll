; gconv_kernel
define internal i32 @gconv_kernel.body(ptr noalias captures(none) readonly align 4 %a0, ptr noalias captures(none) readonly align 4 %a1, ptr noalias captures(none) align 4 %a2, ptr %workspace, i32 %threads) #0 {
entry:
  br label %loop2
loop2:
  %i0.4 = phi i64 [ 0, %entry ], [ %v154, %end7 ]
  %v45 = mul nsw i64 %i0.4, 408
  %v46 = getelementptr float, ptr %a0, i64 %v45
  %v55 = mul nsw i64 %i0.4, 72
  %v56 = getelementptr float, ptr %a1, i64 %v55
  %v141 = mul nsw i64 %i0.4, 512
  %v142 = getelementptr float, ptr %a2, i64 %v141
  br label %loop6
loop6:
  %i1.8 = phi i64 [ 0, %loop2 ], [ %v152, %end11 ]
  %v47 = mul nsw i64 %i1.8, 34
  %v48 = getelementptr float, ptr %v46, i64 %v47
  %v143 = mul nsw i64 %i1.8, 32
  %v144 = getelementptr float, ptr %v142, i64 %v143
  br label %loop10
loop10:
  %i4.12 = phi i64 [ 0, %loop6 ], [ %v131, %end23 ]
  %r0.13 = phi <16 x float> [ splat (float 0x0000000000000000), %loop6 ], [ %v123, %end23 ]
  %r1.14 = phi <16 x float> [ splat (float 0x0000000000000000), %loop6 ], [ %v124, %end23 ]
  %r2.15 = phi <16 x float> [ splat (float 0x0000000000000000), %loop6 ], [ %v125, %end23 ]
  %r3.16 = phi <16 x float> [ splat (float 0x0000000000000000), %loop6 ], [ %v126, %end23 ]
  %r4.17 = phi <16 x float> [ splat (float 0x0000000000000000), %loop6 ], [ %v127, %end23 ]
  %r5.18 = phi <16 x float> [ splat (float 0x0000000000000000), %loop6 ], [ %v128, %end23 ]
  %r6.19 = phi <16 x float> [ splat (float 0x0000000000000000), %loop6 ], [ %v129, %end23 ]
  %r7.20 = phi <16 x float> [ splat (float 0x0000000000000000), %loop6 ], [ %v130, %end23 ]
  %v49 = mul nsw i64 %i4.12, 204
  %v50 = getelementptr float, ptr %v48, i64 %v49
  %v57 = mul nsw i64 %i4.12, 9
  %v58 = getelementptr float, ptr %v56, i64 %v57
  br label %loop22
loop22:
  %i5.24 = phi i64 [ 0, %loop10 ], [ %v121, %end35 ]
  %r0.25 = phi <16 x float> [ %r0.13, %loop10 ], [ %v113, %end35 ]
  %r1.26 = phi <16 x float> [ %r1.14, %loop10 ], [ %v114, %end35 ]
  %r2.27 = phi <16 x float> [ %r2.15, %loop10 ], [ %v115, %end35 ]
  %r3.28 = phi <16 x float> [ %r3.16, %loop10 ], [ %v116, %end35 ]
  %r4.29 = phi <16 x float> [ %r4.17, %loop10 ], [ %v117, %end35 ]
  %r5.30 = phi <16 x float> [ %r5.18, %loop10 ], [ %v118, %end35 ]
  %r6.31 = phi <16 x float> [ %r6.19, %loop10 ], [ %v119, %end35 ]
  %r7.32 = phi <16 x float> [ %r7.20, %loop10 ], [ %v120, %end35 ]
  %v51 = mul nsw i64 %i5.24, 34
  %v52 = getelementptr float, ptr %v50, i64 %v51
  %v59 = mul nsw i64 %i5.24, 3
  %v60 = getelementptr float, ptr %v58, i64 %v59
  br label %loop34
loop34:
  %i6.36 = phi i64 [ 0, %loop22 ], [ %v111, %loop34 ]
  %r0.37 = phi <16 x float> [ %r0.25, %loop22 ], [ %v65, %loop34 ]
  %r1.38 = phi <16 x float> [ %r1.26, %loop22 ], [ %v71, %loop34 ]
  %r2.39 = phi <16 x float> [ %r2.27, %loop22 ], [ %v77, %loop34 ]
  %r3.40 = phi <16 x float> [ %r3.28, %loop22 ], [ %v84, %loop34 ]
  %r4.41 = phi <16 x float> [ %r4.29, %loop22 ], [ %v90, %loop34 ]
  %r5.42 = phi <16 x float> [ %r5.30, %loop22 ], [ %v97, %loop34 ]
  %r6.43 = phi <16 x float> [ %r6.31, %loop22 ], [ %v103, %loop34 ]
  %r7.44 = phi <16 x float> [ %r7.32, %loop22 ], [ %v110, %loop34 ]
  %v53 = getelementptr float, ptr %v52, i64 %i6.36
  %v61 = getelementptr float, ptr %v60, i64 %i6.36
  %v54 = load <16 x float>, ptr %v53, align 4
  %v62 = load float, ptr %v61, align 4
  %v63 = insertelement <16 x float> poison, float %v62, i64 0
  %v64 = shufflevector <16 x float> %v63, <16 x float> poison, <16 x i32> zeroinitializer
  %v65 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v54, <16 x float> %v64, <16 x float> %r0.37)
  %v66 = getelementptr float, ptr %v53, i64 16
  %v67 = load <16 x float>, ptr %v66, align 4
  %v68 = load float, ptr %v61, align 4
  %v69 = insertelement <16 x float> poison, float %v68, i64 0
  %v70 = shufflevector <16 x float> %v69, <16 x float> poison, <16 x i32> zeroinitializer
  %v71 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v67, <16 x float> %v70, <16 x float> %r1.38)
  %v72 = load <16 x float>, ptr %v53, align 4
  %v73 = getelementptr float, ptr %v61, i64 18
  %v74 = load float, ptr %v73, align 4
  %v75 = insertelement <16 x float> poison, float %v74, i64 0
  %v76 = shufflevector <16 x float> %v75, <16 x float> poison, <16 x i32> zeroinitializer
  %v77 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v72, <16 x float> %v76, <16 x float> %r2.39)
  %v78 = getelementptr float, ptr %v53, i64 16
  %v79 = load <16 x float>, ptr %v78, align 4
  %v80 = getelementptr float, ptr %v61, i64 18
  %v81 = load float, ptr %v80, align 4
  %v82 = insertelement <16 x float> poison, float %v81, i64 0
  %v83 = shufflevector <16 x float> %v82, <16 x float> poison, <16 x i32> zeroinitializer
  %v84 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v79, <16 x float> %v83, <16 x float> %r3.40)
  %v85 = load <16 x float>, ptr %v53, align 4
  %v86 = getelementptr float, ptr %v61, i64 36
  %v87 = load float, ptr %v86, align 4
  %v88 = insertelement <16 x float> poison, float %v87, i64 0
  %v89 = shufflevector <16 x float> %v88, <16 x float> poison, <16 x i32> zeroinitializer
  %v90 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v85, <16 x float> %v89, <16 x float> %r4.41)
  %v91 = getelementptr float, ptr %v53, i64 16
  %v92 = load <16 x float>, ptr %v91, align 4
  %v93 = getelementptr float, ptr %v61, i64 36
  %v94 = load float, ptr %v93, align 4
  %v95 = insertelement <16 x float> poison, float %v94, i64 0
  %v96 = shufflevector <16 x float> %v95, <16 x float> poison, <16 x i32> zeroinitializer
  %v97 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v92, <16 x float> %v96, <16 x float> %r5.42)
  %v98 = load <16 x float>, ptr %v53, align 4
  %v99 = getelementptr float, ptr %v61, i64 54
  %v100 = load float, ptr %v99, align 4
  %v101 = insertelement <16 x float> poison, float %v100, i64 0
  %v102 = shufflevector <16 x float> %v101, <16 x float> poison, <16 x i32> zeroinitializer
  %v103 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v98, <16 x float> %v102, <16 x float> %r6.43)
  %v104 = getelementptr float, ptr %v53, i64 16
  %v105 = load <16 x float>, ptr %v104, align 4
  %v106 = getelementptr float, ptr %v61, i64 54
  %v107 = load float, ptr %v106, align 4
  %v108 = insertelement <16 x float> poison, float %v107, i64 0
  %v109 = shufflevector <16 x float> %v108, <16 x float> poison, <16 x i32> zeroinitializer
  %v110 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v105, <16 x float> %v109, <16 x float> %r7.44)
  %v111 = add nsw i64 %i6.36, 1
  %v112 = icmp slt i64 %v111, 3
  br i1 %v112, label %loop34, label %end35
end35:
  %v113 = phi <16 x float> [ %v65, %loop34 ]
  %v114 = phi <16 x float> [ %v71, %loop34 ]
  %v115 = phi <16 x float> [ %v77, %loop34 ]
  %v116 = phi <16 x float> [ %v84, %loop34 ]
  %v117 = phi <16 x float> [ %v90, %loop34 ]
  %v118 = phi <16 x float> [ %v97, %loop34 ]
  %v119 = phi <16 x float> [ %v103, %loop34 ]
  %v120 = phi <16 x float> [ %v110, %loop34 ]
  %v121 = add nsw i64 %i5.24, 1
  %v122 = icmp slt i64 %v121, 3
  br i1 %v122, label %loop22, label %end23
end23:
  %v123 = phi <16 x float> [ %v113, %end35 ]
  %v124 = phi <16 x float> [ %v114, %end35 ]
  %v125 = phi <16 x float> [ %v115, %end35 ]
  %v126 = phi <16 x float> [ %v116, %end35 ]
  %v127 = phi <16 x float> [ %v117, %end35 ]
  %v128 = phi <16 x float> [ %v118, %end35 ]
  %v129 = phi <16 x float> [ %v119, %end35 ]
  %v130 = phi <16 x float> [ %v120, %end35 ]
  %v131 = add nsw i64 %i4.12, 1
  %v132 = icmp slt i64 %v131, 2
  br i1 %v132, label %loop10, label %end11
end11:
  %v133 = phi <16 x float> [ %v123, %end23 ]
  %v134 = phi <16 x float> [ %v124, %end23 ]
  %v135 = phi <16 x float> [ %v125, %end23 ]
  %v136 = phi <16 x float> [ %v126, %end23 ]
  %v137 = phi <16 x float> [ %v127, %end23 ]
  %v138 = phi <16 x float> [ %v128, %end23 ]
  %v139 = phi <16 x float> [ %v129, %end23 ]
  %v140 = phi <16 x float> [ %v130, %end23 ]
  store <16 x float> %v133, ptr %v144, align 4
  %v145 = getelementptr float, ptr %v144, i64 16
  store <16 x float> %v134, ptr %v145, align 4
  %v146 = getelementptr float, ptr %v144, i64 128
  store <16 x float> %v135, ptr %v146, align 4
  %v147 = getelementptr float, ptr %v144, i64 144
  store <16 x float> %v136, ptr %v147, align 4
  %v148 = getelementptr float, ptr %v144, i64 256
  store <16 x float> %v137, ptr %v148, align 4
  %v149 = getelementptr float, ptr %v144, i64 272
  store <16 x float> %v138, ptr %v149, align 4
  %v150 = getelementptr float, ptr %v144, i64 384
  store <16 x float> %v139, ptr %v150, align 4
  %v151 = getelementptr float, ptr %v144, i64 400
  store <16 x float> %v140, ptr %v151, align 4
  %v152 = add nsw i64 %i1.8, 1
  %v153 = icmp slt i64 %v152, 4
  br i1 %v153, label %loop6, label %end7
end7:
  %v154 = add nsw i64 %i0.4, 1
  %v155 = icmp slt i64 %v154, 2
  br i1 %v155, label %loop2, label %end3
end3:
  ret i32 0
}

define i32 @gconv_kernel(ptr %buffers, ptr %ints, ptr %workspace, i32 %threads) #0 {
entry:
  %v1 = getelementptr ptr, ptr %buffers, i64 0
  %v2 = load ptr, ptr %v1, align 8
  %v3 = getelementptr ptr, ptr %buffers, i64 1
  %v4 = load ptr, ptr %v3, align 8
  %v5 = getelementptr ptr, ptr %buffers, i64 2
  %v6 = load ptr, ptr %v5, align 8
  %v7 = call i32 @gconv_kernel.body(ptr %v2, ptr %v4, ptr %v6, ptr %workspace, i32 %threads)
  ret i32 %v7
}

declare <16 x float> @llvm.fma.v16f32(<16 x float>, <16 x float>, <16 x float>)

attributes #0 = { nounwind mustprogress "prefer-vector-width"="512" "min-legal-vector-width"="512" }

